import aftersales.kernel.journal
import aftersales.kernel.migrating
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("staff", "0001_initial"),
    ]

    operations = [
        aftersales.kernel.migrating.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=80, unique=True, verbose_name="code")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="tickets.category",
                        verbose_name="part of",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name (Chinese)")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.department",
                        verbose_name="usual department",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "ordering": ("path",),
                "indexes": [],
                "constraints": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalCategory",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("path", models.CharField(max_length=80, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name (Chinese)")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.category",
                        verbose_name="part of",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.department",
                        verbose_name="usual department",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical category",
                "verbose_name_plural": "historical categories",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_f956e8_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__f11d23_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalTag",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, db_index=False, max_length=40, verbose_name="tag"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical tag",
                "verbose_name_plural": "historical tags",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_692911_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__6d5bee_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=40, unique=True, verbose_name="tag"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ("slug",),
                "indexes": [],
                "constraints": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalTicket",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "number",
                    models.CharField(editable=False, max_length=12, verbose_name="case number"),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("consultation", "Question"),
                            ("complaint", "Complaint"),
                            ("return_request", "Return"),
                            ("repair_request", "Repair"),
                            ("suggestion", "Suggestion"),
                            ("praise", "Praise"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "E-mail"),
                            ("chat", "Chat"),
                            ("phone", "Phone"),
                            ("counter", "Store counter"),
                            ("web", "Web form"),
                            ("portal", "Status page"),
                            ("wechat", "WeChat"),
                            ("api", "API"),
                            ("review", "Review"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("open", "In progress"),
                            ("pending", "Waiting for customer"),
                            ("on_hold", "Waiting for others"),
                            ("resolved", "Resolved"),
                            ("closed", "Closed"),
                            ("canceled", "Canceled"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("low", "Low"),
                            ("normal", "Normal"),
                            ("high", "High"),
                            ("urgent", "Urgent"),
                        ],
                        default="normal",
                        max_length=10,
                        verbose_name="priority",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("minor", "Minor"),
                            ("moderate", "Moderate"),
                            ("major", "Major"),
                            ("critical", "Critical (safety)"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                (
                    "complexity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("simple", "Simple"),
                            ("normal", "Normal"),
                            ("complex", "Complex"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="complexity",
                    ),
                ),
                (
                    "is_green_channel",
                    models.BooleanField(default=False, verbose_name="green channel"),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")],
                        default="zh-hans",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "sentiment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("positive", "Positive"),
                            ("neutral", "Neutral"),
                            ("negative", "Negative"),
                            ("angry", "Angry"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="mood",
                    ),
                ),
                (
                    "requested_remedy",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("refund", "Refund"),
                            ("return", "Return and refund"),
                            ("exchange", "Exchange"),
                            ("repair", "Repair"),
                            ("compensation", "Compensation"),
                            ("explanation", "Explanation"),
                        ],
                        default="",
                        max_length=15,
                        verbose_name="remedy asked for",
                    ),
                ),
                (
                    "responsible_party",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("shop", "Shop"),
                            ("warehouse", "Warehouse"),
                            ("carrier", "Carrier"),
                            ("supplier", "Supplier"),
                            ("customer", "Customer"),
                            ("platform", "Platform"),
                            ("nobody", "Nobody"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="responsible party",
                    ),
                ),
                (
                    "root_cause",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="root cause"
                    ),
                ),
                (
                    "lesson",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="What to change.",
                        max_length=500,
                        verbose_name="lesson learnt",
                    ),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="tags",
                    ),
                ),
                (
                    "external_id",
                    models.CharField(
                        blank=True, default="", max_length=100, verbose_name="caller's own number"
                    ),
                ),
                (
                    "reopened_count",
                    models.PositiveSmallIntegerField(default=0, verbose_name="times reopened"),
                ),
                (
                    "urged_count",
                    models.PositiveSmallIntegerField(default=0, verbose_name="times urged"),
                ),
                (
                    "last_urged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last urged"),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("updated_at", models.DateTimeField(verbose_name="last activity")),
                (
                    "last_inbound_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="customer wrote last"),
                ),
                (
                    "first_response_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="first answered"),
                ),
                (
                    "acknowledged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="acknowledged"),
                ),
                (
                    "assessed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="assessed"),
                ),
                ("routed_at", models.DateTimeField(blank=True, null=True, verbose_name="routed")),
                (
                    "investigated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="investigated"),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="proposed"),
                ),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="accepted"),
                ),
                (
                    "carried_out_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="carried out"),
                ),
                (
                    "result_told_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="result told"),
                ),
                (
                    "resolved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="resolved"),
                ),
                ("rated_at", models.DateTimeField(blank=True, null=True, verbose_name="rated")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.team",
                        verbose_name="team",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assignee",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.shop",
                        verbose_name="shop",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical case",
                "verbose_name_plural": "historical cases",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_05b487_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__fd8310_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        editable=False, max_length=12, unique=True, verbose_name="case number"
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("consultation", "Question"),
                            ("complaint", "Complaint"),
                            ("return_request", "Return"),
                            ("repair_request", "Repair"),
                            ("suggestion", "Suggestion"),
                            ("praise", "Praise"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="tickets.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "E-mail"),
                            ("chat", "Chat"),
                            ("phone", "Phone"),
                            ("counter", "Store counter"),
                            ("web", "Web form"),
                            ("portal", "Status page"),
                            ("wechat", "WeChat"),
                            ("api", "API"),
                            ("review", "Review"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("open", "In progress"),
                            ("pending", "Waiting for customer"),
                            ("on_hold", "Waiting for others"),
                            ("resolved", "Resolved"),
                            ("closed", "Closed"),
                            ("canceled", "Canceled"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("low", "Low"),
                            ("normal", "Normal"),
                            ("high", "High"),
                            ("urgent", "Urgent"),
                        ],
                        default="normal",
                        max_length=10,
                        verbose_name="priority",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("minor", "Minor"),
                            ("moderate", "Moderate"),
                            ("major", "Major"),
                            ("critical", "Critical (safety)"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                (
                    "complexity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("simple", "Simple"),
                            ("normal", "Normal"),
                            ("complex", "Complex"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="complexity",
                    ),
                ),
                (
                    "is_green_channel",
                    models.BooleanField(default=False, verbose_name="green channel"),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="staff.team",
                        verbose_name="team",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assignee",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="customers.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="customers.shop",
                        verbose_name="shop",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")],
                        default="zh-hans",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "sentiment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("positive", "Positive"),
                            ("neutral", "Neutral"),
                            ("negative", "Negative"),
                            ("angry", "Angry"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="mood",
                    ),
                ),
                (
                    "requested_remedy",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("refund", "Refund"),
                            ("return", "Return and refund"),
                            ("exchange", "Exchange"),
                            ("repair", "Repair"),
                            ("compensation", "Compensation"),
                            ("explanation", "Explanation"),
                        ],
                        default="",
                        max_length=15,
                        verbose_name="remedy asked for",
                    ),
                ),
                (
                    "responsible_party",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("shop", "Shop"),
                            ("warehouse", "Warehouse"),
                            ("carrier", "Carrier"),
                            ("supplier", "Supplier"),
                            ("customer", "Customer"),
                            ("platform", "Platform"),
                            ("nobody", "Nobody"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="responsible party",
                    ),
                ),
                (
                    "root_cause",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="root cause"
                    ),
                ),
                (
                    "lesson",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="What to change.",
                        max_length=500,
                        verbose_name="lesson learnt",
                    ),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="tags",
                    ),
                ),
                (
                    "external_id",
                    models.CharField(
                        blank=True, default="", max_length=100, verbose_name="caller's own number"
                    ),
                ),
                (
                    "reopened_count",
                    models.PositiveSmallIntegerField(default=0, verbose_name="times reopened"),
                ),
                (
                    "urged_count",
                    models.PositiveSmallIntegerField(default=0, verbose_name="times urged"),
                ),
                (
                    "last_urged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last urged"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("updated_at", models.DateTimeField(verbose_name="last activity")),
                (
                    "last_inbound_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="customer wrote last"),
                ),
                (
                    "first_response_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="first answered"),
                ),
                (
                    "acknowledged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="acknowledged"),
                ),
                (
                    "assessed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="assessed"),
                ),
                ("routed_at", models.DateTimeField(blank=True, null=True, verbose_name="routed")),
                (
                    "investigated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="investigated"),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="proposed"),
                ),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="accepted"),
                ),
                (
                    "carried_out_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="carried out"),
                ),
                (
                    "result_told_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="result told"),
                ),
                (
                    "resolved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="resolved"),
                ),
                ("rated_at", models.DateTimeField(blank=True, null=True, verbose_name="rated")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "ordering": ("-updated_at", "-id"),
                "permissions": [
                    ("view_all_tickets", "Sees every department's cases"),
                    ("create_ticket", "Can record a case"),
                    ("work_ticket", "Can assess, route, resolve and reopen"),
                    ("reply_ticket", "Can answer the customer"),
                    ("note_ticket", "Can write internal notes"),
                    ("attach_ticket", "Can add files"),
                    ("investigate_ticket", "Can investigate"),
                    ("propose_ticket", "Can propose and carry out remedies"),
                    ("close_ticket", "Can close"),
                    ("merge_ticket", "Can merge, split and link"),
                    ("assign_ticket", "Can assign cases to others"),
                    ("bulk_ticket", "Can change several cases at once"),
                ],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        fields=[
                            "-updated_at",
                            "-id",
                            "status",
                            "priority",
                            "kind",
                            "channel",
                            "category",
                            "shop",
                            "department",
                            "assignee",
                        ],
                        name="ticket_by_activity",
                    ),
                    models.Index(fields=["received_at"], name="ticket_by_arrival"),
                    models.Index(
                        fields=["department", "-updated_at", "-id"], name="ticket_by_department"
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["new", "open", "pending", "on_hold"])),
                        fields=["department", "due_at", "id"],
                        name="ticket_open_dept_due",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["new", "open", "pending", "on_hold"])),
                        fields=[
                            "due_at",
                            "id",
                            "status",
                            "priority",
                            "kind",
                            "channel",
                            "category",
                            "shop",
                            "department",
                            "assignee",
                        ],
                        name="ticket_open_due",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["new", "open", "pending", "on_hold"])),
                        fields=["assignee", "due_at", "id"],
                        name="ticket_open_assignee",
                    ),
                    models.Index(
                        fields=["assignee", "-updated_at", "-id"], name="ticket_by_assignee"
                    ),
                    models.Index(fields=["customer", "-received_at"], name="ticket_by_customer"),
                    models.Index(fields=["status", "-updated_at", "-id"], name="ticket_by_status"),
                    models.Index(
                        condition=models.Q(("status", "resolved")),
                        fields=["resolved_at"],
                        name="ticket_to_close",
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="ticket_tags"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "new",
                                    "open",
                                    "pending",
                                    "on_hold",
                                    "resolved",
                                    "closed",
                                    "canceled",
                                ],
                            )
                        ),
                        name="ticket_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True),
                            ("closed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="ticket_closed_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True),
                            ("result_told_at__isnull", False),
                            _connector="OR",
                        ),
                        name="ticket_closed_after_result_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["resolved", "closed"]), _negated=True),
                            ("resolved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="ticket_resolved_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "consultation",
                                    "complaint",
                                    "return_request",
                                    "repair_request",
                                    "suggestion",
                                    "praise",
                                ],
                            ),
                            ("priority__in", ["low", "normal", "high", "urgent"]),
                        ),
                        name="ticket_kind_and_priority_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("created_by", "external_id"),
                        name="ticket_external_id_unique",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalTicketLink",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("merged", "merged into"),
                            ("split", "split off from"),
                            ("continues", "continues"),
                            ("child", "part of"),
                            ("related", "related to"),
                        ],
                        max_length=10,
                        verbose_name="relation",
                    ),
                ),
                (
                    "prior_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "New"),
                            ("open", "In progress"),
                            ("pending", "Waiting for customer"),
                            ("on_hold", "Waiting for others"),
                            ("resolved", "Resolved"),
                            ("closed", "Closed"),
                            ("canceled", "Canceled"),
                        ],
                        max_length=10,
                        verbose_name="status before",
                    ),
                ),
                (
                    "moved_messages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="moved messages",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="since")),
                ("canceled_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="other case",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "canceled_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical link",
                "verbose_name_plural": "historical links",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_c413f3_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__72ea48_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="TicketLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("merged", "merged into"),
                            ("split", "split off from"),
                            ("continues", "continues"),
                            ("child", "part of"),
                            ("related", "related to"),
                        ],
                        max_length=10,
                        verbose_name="relation",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_out",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_in",
                        to="tickets.ticket",
                        verbose_name="other case",
                    ),
                ),
                (
                    "prior_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "New"),
                            ("open", "In progress"),
                            ("pending", "Waiting for customer"),
                            ("on_hold", "Waiting for others"),
                            ("resolved", "Resolved"),
                            ("closed", "Closed"),
                            ("canceled", "Canceled"),
                        ],
                        max_length=10,
                        verbose_name="status before",
                    ),
                ),
                (
                    "moved_messages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="moved messages",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="since")),
                ("canceled_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                (
                    "canceled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
            ],
            options={
                "verbose_name": "link",
                "verbose_name_plural": "links",
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ticket", models.F("target")), _negated=True),
                        name="link_two_cases",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["merged", "split", "continues", "child", "related"])
                        ),
                        name="link_kind_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("canceled_at", None)),
                        fields=("ticket", "target", "kind"),
                        name="link_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("canceled_at", None), ("kind", "merged")),
                        fields=("ticket",),
                        name="link_merged_into_one",
                    ),
                ],
                "indexes": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalWatcher",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("since", models.DateTimeField(verbose_name="since")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical watcher",
                "verbose_name_plural": "historical watchers",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_92d206_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__6bfe8c_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Watcher",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="watchers",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="watching",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="since")),
            ],
            options={
                "verbose_name": "watcher",
                "verbose_name_plural": "watchers",
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "user"), name="watcher_once")
                ],
                "indexes": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presences",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                ("is_writing", models.BooleanField(default=False)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "user"), name="presence_once")
                ],
                "indexes": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="TicketSearch",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="tickets.ticket",
                    ),
                ),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["vector"], name="ticket_search_gin"
                    )
                ],
                "constraints": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalMessage",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("inbound", "From the customer"),
                            ("outbound", "To the customer"),
                            ("note", "Internal note"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "E-mail"),
                            ("chat", "Chat"),
                            ("phone", "Phone"),
                            ("counter", "Store counter"),
                            ("web", "Web form"),
                            ("portal", "Status page"),
                            ("wechat", "WeChat"),
                            ("api", "API"),
                            ("review", "Review"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "author_name",
                    models.CharField(blank=True, max_length=200, verbose_name="written by"),
                ),
                ("body", models.TextField(verbose_name="text")),
                ("quoted", models.TextField(blank=True, default="", verbose_name="quoted history")),
                ("is_automatic", models.BooleanField(default=False, verbose_name="automatic")),
                ("created_at", models.DateTimeField(verbose_name="at")),
                ("effective_at", models.DateTimeField(verbose_name="effective from")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                ("hidden_at", models.DateTimeField(blank=True, null=True, verbose_name="hidden")),
                (
                    "hidden_reason",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="why hidden"
                    ),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "hidden_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="hidden by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical message",
                "verbose_name_plural": "historical messages",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_67eec7_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__8ba4d4_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("inbound", "From the customer"),
                            ("outbound", "To the customer"),
                            ("note", "Internal note"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "E-mail"),
                            ("chat", "Chat"),
                            ("phone", "Phone"),
                            ("counter", "Store counter"),
                            ("web", "Web form"),
                            ("portal", "Status page"),
                            ("wechat", "WeChat"),
                            ("api", "API"),
                            ("review", "Review"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "author_name",
                    models.CharField(blank=True, max_length=200, verbose_name="written by"),
                ),
                ("body", models.TextField(verbose_name="text")),
                ("quoted", models.TextField(blank=True, default="", verbose_name="quoted history")),
                ("is_automatic", models.BooleanField(default=False, verbose_name="automatic")),
                ("created_at", models.DateTimeField(verbose_name="at")),
                ("effective_at", models.DateTimeField(verbose_name="effective from")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                ("hidden_at", models.DateTimeField(blank=True, null=True, verbose_name="hidden")),
                (
                    "hidden_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="hidden by",
                    ),
                ),
                (
                    "hidden_reason",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="why hidden"
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ("created_at", "id"),
                "permissions": [("hide_message", "Can hide a message with a reason")],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["ticket", "created_at", "id"], name="message_by_ticket")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["inbound", "outbound", "note"])),
                        name="message_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hidden_at", None),
                            models.Q(("hidden_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="message_hidden_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("undone_at", None), ("kind", "outbound"), _connector="OR"
                        ),
                        name="message_undo_outbound_only",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="tickets.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_at", None)),
                        fields=["user", "-created_at"],
                        name="mention_unseen",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("message", "user"), name="mention_once")
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("inbound", "From the customer"),
                            ("outbound", "To the customer"),
                            ("note", "Internal note"),
                        ],
                        max_length=10,
                    ),
                ),
                ("body", models.TextField(blank=True)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "author", "kind"), name="draft_once")
                ],
                "indexes": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalAttachment",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("file_name", models.CharField(max_length=150, verbose_name="file name")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("media_type", models.CharField(max_length=100, verbose_name="type")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                ("has_thumbnail", models.BooleanField(default=False, verbose_name="has a preview")),
                ("is_internal", models.BooleanField(default=False, verbose_name="internal")),
                ("added_at", models.DateTimeField(verbose_name="added")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical attachment",
                "verbose_name_plural": "historical attachments",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_5530d8_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__7e1eb9_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="tickets.message",
                        verbose_name="message",
                    ),
                ),
                ("file_name", models.CharField(max_length=150, verbose_name="file name")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("media_type", models.CharField(max_length=100, verbose_name="type")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                ("has_thumbnail", models.BooleanField(default=False, verbose_name="has a preview")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                ("is_internal", models.BooleanField(default=False, verbose_name="internal")),
                ("added_at", models.DateTimeField(verbose_name="added")),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ("id",),
                "default_permissions": ("view",),
                "indexes": [],
                "constraints": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalOutboundMail",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("reply", "Reply"),
                            ("acknowledgement", "Acknowledgement"),
                            ("proposal", "Proposal"),
                            ("result", "Result"),
                            ("survey", "Survey"),
                            ("closing", "Closing notice"),
                        ],
                        max_length=20,
                        verbose_name="purpose",
                    ),
                ),
                ("effect_key", models.CharField(max_length=100, verbose_name="effect key")),
                ("to_address", models.EmailField(max_length=254, verbose_name="to")),
                ("subject", models.CharField(max_length=300, verbose_name="subject")),
                ("body", models.TextField(verbose_name="text")),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("mail_id", models.CharField(max_length=250, verbose_name="Message-ID")),
                (
                    "in_reply_to",
                    models.CharField(blank=True, max_length=250, verbose_name="In-Reply-To"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("parked", "Parked"),
                            ("recalled", "Recalled"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("send_after", models.DateTimeField(verbose_name="send after")),
                (
                    "leased_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="leased until"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=500, verbose_name="last error"),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical outgoing mail",
                "verbose_name_plural": "historical outgoing mails",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_d41766_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__d2c095_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="OutboundMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mail",
                        to="tickets.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("reply", "Reply"),
                            ("acknowledgement", "Acknowledgement"),
                            ("proposal", "Proposal"),
                            ("result", "Result"),
                            ("survey", "Survey"),
                            ("closing", "Closing notice"),
                        ],
                        max_length=20,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "effect_key",
                    models.CharField(max_length=100, unique=True, verbose_name="effect key"),
                ),
                ("to_address", models.EmailField(max_length=254, verbose_name="to")),
                ("subject", models.CharField(max_length=300, verbose_name="subject")),
                ("body", models.TextField(verbose_name="text")),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "mail_id",
                    models.CharField(max_length=250, unique=True, verbose_name="Message-ID"),
                ),
                (
                    "in_reply_to",
                    models.CharField(blank=True, max_length=250, verbose_name="In-Reply-To"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("parked", "Parked"),
                            ("recalled", "Recalled"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("send_after", models.DateTimeField(verbose_name="send after")),
                (
                    "leased_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="leased until"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=500, verbose_name="last error"),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
            ],
            options={
                "verbose_name": "outgoing mail",
                "verbose_name_plural": "outgoing mails",
                "ordering": ("-id",),
                "permissions": [("retry_outboundmail", "Can send a parked mail again")],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["queued", "sending"])),
                        fields=["send_after"],
                        name="mail_to_send",
                    ),
                    models.Index(fields=["to_address", "created_at"], name="mail_by_address"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["queued", "sending", "sent", "parked", "recalled"])
                        ),
                        name="mail_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="mail_sent_has_time",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="RawIntake",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "E-mail"),
                            ("chat", "Chat"),
                            ("phone", "Phone"),
                            ("counter", "Store counter"),
                            ("web", "Web form"),
                            ("portal", "Status page"),
                            ("wechat", "WeChat"),
                            ("api", "API"),
                            ("review", "Review"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("external_id", models.CharField(max_length=250, verbose_name="sender's id")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                (
                    "container",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="SHA-256 of the file it came in"
                    ),
                ),
                (
                    "position",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="row of the file"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("stored", "Stored, not yet looked at"),
                            ("ticket", "New case"),
                            ("message", "Message on a case"),
                            ("duplicate", "Duplicate"),
                            ("ignored", "Ignored"),
                            ("quarantined", "Quarantined"),
                        ],
                        default="stored",
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why")),
                ("sender", models.CharField(blank=True, max_length=254, verbose_name="sender")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.rawintake",
                        verbose_name="duplicate of",
                    ),
                ),
                (
                    "seen_count",
                    models.PositiveIntegerField(default=1, verbose_name="times received"),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("handled_at", models.DateTimeField(blank=True, null=True, verbose_name="handled")),
            ],
            options={
                "verbose_name": "incoming message",
                "verbose_name_plural": "incoming messages",
                "ordering": ("-id",),
                "permissions": [("resolve_rawintake", "Can decide on quarantined messages")],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome__in", ["stored", "quarantined"])),
                        fields=["id"],
                        name="intake_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "duplicate"), _negated=True),
                        fields=("channel", "external_id"),
                        name="intake_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "stored",
                                    "ticket",
                                    "message",
                                    "duplicate",
                                    "ignored",
                                    "quarantined",
                                ],
                            )
                        ),
                        name="intake_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome__in", ["ticket", "message"]), _negated=True),
                            ("ticket__isnull", False),
                            _connector="OR",
                        ),
                        name="intake_ticket_named",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalRawIntake",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "E-mail"),
                            ("chat", "Chat"),
                            ("phone", "Phone"),
                            ("counter", "Store counter"),
                            ("web", "Web form"),
                            ("portal", "Status page"),
                            ("wechat", "WeChat"),
                            ("api", "API"),
                            ("review", "Review"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("external_id", models.CharField(max_length=250, verbose_name="sender's id")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                (
                    "container",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="SHA-256 of the file it came in"
                    ),
                ),
                (
                    "position",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="row of the file"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("stored", "Stored, not yet looked at"),
                            ("ticket", "New case"),
                            ("message", "Message on a case"),
                            ("duplicate", "Duplicate"),
                            ("ignored", "Ignored"),
                            ("quarantined", "Quarantined"),
                        ],
                        default="stored",
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why")),
                ("sender", models.CharField(blank=True, max_length=254, verbose_name="sender")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                (
                    "seen_count",
                    models.PositiveIntegerField(default=1, verbose_name="times received"),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("handled_at", models.DateTimeField(blank=True, null=True, verbose_name="handled")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.rawintake",
                        verbose_name="duplicate of",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical incoming message",
                "verbose_name_plural": "historical incoming messages",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_05eb8b_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__eac7a7_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalStatusLink",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("public_id", models.UUIDField(editable=False, verbose_name="public number")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="revoked by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical status link",
                "verbose_name_plural": "historical status links",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_cdd95c_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__849eb1_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="StatusLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="status_links",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(editable=False, unique=True, verbose_name="public number"),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="revoked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "status link",
                "verbose_name_plural": "status links",
                "default_permissions": ("view",),
                "indexes": [],
                "constraints": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalSavedReply",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=80, verbose_name="name (Chinese)"),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("all", "Everybody"),
                            ("team", "My department"),
                            ("own", "Only me"),
                        ],
                        default="all",
                        max_length=4,
                        verbose_name="for",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=100, verbose_name="position"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "shortcut",
                    models.SlugField(
                        blank=True, db_index=False, max_length=30, verbose_name="shortcut"
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="text (English)")),
                ("body_zh", models.TextField(blank=True, verbose_name="text (Chinese)")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical saved reply",
                "verbose_name_plural": "historical saved replies",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_559c5f_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__5ab738_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="SavedReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=80, verbose_name="name (Chinese)"),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("all", "Everybody"),
                            ("team", "My department"),
                            ("own", "Only me"),
                        ],
                        default="all",
                        max_length=4,
                        verbose_name="for",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=100, verbose_name="position"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("shortcut", models.SlugField(blank=True, max_length=30, verbose_name="shortcut")),
                ("body", models.TextField(blank=True, verbose_name="text (English)")),
                ("body_zh", models.TextField(blank=True, verbose_name="text (Chinese)")),
            ],
            options={
                "verbose_name": "saved reply",
                "verbose_name_plural": "saved replies",
                "ordering": ("position", "name"),
                "abstract": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalMacro",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=80, verbose_name="name (Chinese)"),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("all", "Everybody"),
                            ("team", "My department"),
                            ("own", "Only me"),
                        ],
                        default="all",
                        max_length=4,
                        verbose_name="for",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=100, verbose_name="position"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "set_priority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("low", "Low"),
                            ("normal", "Normal"),
                            ("high", "High"),
                            ("urgent", "Urgent"),
                        ],
                        max_length=10,
                        verbose_name="set priority",
                    ),
                ),
                (
                    "set_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pending", "Waiting for customer"),
                            ("on_hold", "Waiting for others"),
                            ("open", "In progress"),
                        ],
                        max_length=10,
                        verbose_name="then",
                    ),
                ),
                (
                    "add_tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="add tags",
                    ),
                ),
                ("assign_to_me", models.BooleanField(default=False, verbose_name="assign to me")),
                (
                    "propose_remedy",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("refund", "Refund"),
                            ("return", "Return and refund"),
                            ("exchange", "Exchange"),
                            ("repair", "Repair"),
                            ("compensation", "Compensation"),
                            ("explanation", "Explanation"),
                        ],
                        max_length=15,
                        verbose_name="propose",
                    ),
                ),
                (
                    "follow_up_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("call_back", "Call back"),
                            ("care", "Care after delivery"),
                            ("check", "Check after resolution"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="plan follow-up",
                    ),
                ),
                (
                    "follow_up_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="after days"
                    ),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.savedreply",
                        verbose_name="saved reply",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical macro",
                "verbose_name_plural": "historical macros",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_7bcb94_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__04dd59_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Macro",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=80, verbose_name="name (Chinese)"),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("all", "Everybody"),
                            ("team", "My department"),
                            ("own", "Only me"),
                        ],
                        default="all",
                        max_length=4,
                        verbose_name="for",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=100, verbose_name="position"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "reply",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.savedreply",
                        verbose_name="saved reply",
                    ),
                ),
                (
                    "set_priority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("low", "Low"),
                            ("normal", "Normal"),
                            ("high", "High"),
                            ("urgent", "Urgent"),
                        ],
                        max_length=10,
                        verbose_name="set priority",
                    ),
                ),
                (
                    "set_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pending", "Waiting for customer"),
                            ("on_hold", "Waiting for others"),
                            ("open", "In progress"),
                        ],
                        max_length=10,
                        verbose_name="then",
                    ),
                ),
                (
                    "add_tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="add tags",
                    ),
                ),
                ("assign_to_me", models.BooleanField(default=False, verbose_name="assign to me")),
                (
                    "propose_remedy",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("refund", "Refund"),
                            ("return", "Return and refund"),
                            ("exchange", "Exchange"),
                            ("repair", "Repair"),
                            ("compensation", "Compensation"),
                            ("explanation", "Explanation"),
                        ],
                        max_length=15,
                        verbose_name="propose",
                    ),
                ),
                (
                    "follow_up_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("call_back", "Call back"),
                            ("care", "Care after delivery"),
                            ("check", "Check after resolution"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="plan follow-up",
                    ),
                ),
                (
                    "follow_up_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="after days"
                    ),
                ),
            ],
            options={
                "verbose_name": "macro",
                "verbose_name_plural": "macros",
                "ordering": ("position", "name"),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("follow_up_kind", ""),
                            ("follow_up_days__isnull", False),
                            _connector="OR",
                        ),
                        name="macro_follow_up_has_days",
                        violation_error_message="Say after how many days to follow up.",
                    )
                ],
                "indexes": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalSavedView",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=80, verbose_name="name (Chinese)"),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("all", "Everybody"),
                            ("team", "My department"),
                            ("own", "Only me"),
                        ],
                        default="all",
                        max_length=4,
                        verbose_name="for",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=100, verbose_name="position"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("code", models.SlugField(db_index=False, max_length=40, verbose_name="code")),
                ("params", models.JSONField(default=dict, verbose_name="filters")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        help_text="Empty: every role.",
                        size=None,
                        verbose_name="for roles",
                    ),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical saved view",
                "verbose_name_plural": "historical saved views",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_76695b_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__e2b5da_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=80, verbose_name="name (Chinese)"),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("all", "Everybody"),
                            ("team", "My department"),
                            ("own", "Only me"),
                        ],
                        default="all",
                        max_length=4,
                        verbose_name="for",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=100, verbose_name="position"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("params", models.JSONField(default=dict, verbose_name="filters")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        help_text="Empty: every role.",
                        size=None,
                        verbose_name="for roles",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ("position", "name"),
                "abstract": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalInvestigation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("question", models.CharField(max_length=300, verbose_name="what to find out")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Under investigation"),
                            ("concluded", "Concluded"),
                            ("canceled", "Dropped"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("findings", models.TextField(blank=True, default="", verbose_name="findings")),
                (
                    "root_cause",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="root cause"
                    ),
                ),
                (
                    "responsible_party",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("shop", "Shop"),
                            ("warehouse", "Warehouse"),
                            ("carrier", "Carrier"),
                            ("supplier", "Supplier"),
                            ("customer", "Customer"),
                            ("platform", "Platform"),
                            ("nobody", "Nobody"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="responsible party",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                (
                    "concluded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="concluded"),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
                (
                    "concluded_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="concluded by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical investigation",
                "verbose_name_plural": "historical investigations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_9c0af1_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__c25a6f_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Investigation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="investigations",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                ("question", models.CharField(max_length=300, verbose_name="what to find out")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Under investigation"),
                            ("concluded", "Concluded"),
                            ("canceled", "Dropped"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("findings", models.TextField(blank=True, default="", verbose_name="findings")),
                (
                    "root_cause",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="root cause"
                    ),
                ),
                (
                    "responsible_party",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("shop", "Shop"),
                            ("warehouse", "Warehouse"),
                            ("carrier", "Carrier"),
                            ("supplier", "Supplier"),
                            ("customer", "Customer"),
                            ("platform", "Platform"),
                            ("nobody", "Nobody"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="responsible party",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                (
                    "concluded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="concluded by",
                    ),
                ),
                (
                    "concluded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="concluded"),
                ),
            ],
            options={
                "verbose_name": "investigation",
                "verbose_name_plural": "investigations",
                "ordering": ("id",),
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "concluded", "canceled"])),
                        name="investigation_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "concluded"), _negated=True),
                            models.Q(
                                ("concluded_at__isnull", False),
                                ("concluded_by__isnull", False),
                                models.Q(("root_cause", ""), _negated=True),
                                models.Q(("responsible_party", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="investigation_conclusion_complete",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "open")),
                        fields=("ticket",),
                        name="investigation_one_open",
                    ),
                ],
                "indexes": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalEvidence",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("photo", "Photo or file"),
                            ("statement", "Statement"),
                            ("trace", "Carrier trace"),
                            ("record", "Record in a system"),
                            ("inspection", "Inspection"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="what it shows")),
                ("added_at", models.DateTimeField(verbose_name="added")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "investigation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.investigation",
                        verbose_name="investigation",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.attachment",
                        verbose_name="file",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical evidence",
                "verbose_name_plural": "historical evidence",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_6b633f_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__872866_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="tickets.investigation",
                        verbose_name="investigation",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("photo", "Photo or file"),
                            ("statement", "Statement"),
                            ("trace", "Carrier trace"),
                            ("record", "Record in a system"),
                            ("inspection", "Inspection"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="what it shows")),
                (
                    "attachment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="tickets.attachment",
                        verbose_name="file",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="added")),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ("id",),
                "default_permissions": ("view",),
                "indexes": [],
                "constraints": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalProposal",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "remedy",
                    models.CharField(
                        choices=[
                            ("refund", "Refund"),
                            ("return", "Return and refund"),
                            ("exchange", "Exchange"),
                            ("repair", "Repair"),
                            ("compensation", "Compensation"),
                            ("explanation", "Explanation"),
                        ],
                        max_length=15,
                        verbose_name="remedy",
                    ),
                ),
                ("terms", models.TextField(verbose_name="what we offer")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="amount",
                    ),
                ),
                (
                    "currency",
                    models.CharField(blank=True, default="", max_length=3, verbose_name="currency"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("offered", "Offered"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("carried_out", "Carried out"),
                        ],
                        default="offered",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("offered_at", models.DateTimeField(verbose_name="offered")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                (
                    "answered_via",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="answered via",
                    ),
                ),
                (
                    "answer_note",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="customer's words"
                    ),
                ),
                (
                    "carried_out_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="carried out"),
                ),
                (
                    "outcome_note",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=500,
                        verbose_name="how it was carried out",
                    ),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="offered by",
                    ),
                ),
                (
                    "carried_out_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="carried out by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical proposal",
                "verbose_name_plural": "historical proposals",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_d317a0_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__2f2f15_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "remedy",
                    models.CharField(
                        choices=[
                            ("refund", "Refund"),
                            ("return", "Return and refund"),
                            ("exchange", "Exchange"),
                            ("repair", "Repair"),
                            ("compensation", "Compensation"),
                            ("explanation", "Explanation"),
                        ],
                        max_length=15,
                        verbose_name="remedy",
                    ),
                ),
                ("terms", models.TextField(verbose_name="what we offer")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="amount",
                    ),
                ),
                (
                    "currency",
                    models.CharField(blank=True, default="", max_length=3, verbose_name="currency"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("offered", "Offered"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("carried_out", "Carried out"),
                        ],
                        default="offered",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="offered by",
                    ),
                ),
                ("offered_at", models.DateTimeField(verbose_name="offered")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                (
                    "answered_via",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="answered via",
                    ),
                ),
                (
                    "answer_note",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="customer's words"
                    ),
                ),
                (
                    "carried_out_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="carried out"),
                ),
                (
                    "carried_out_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="carried out by",
                    ),
                ),
                (
                    "outcome_note",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=500,
                        verbose_name="how it was carried out",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
                "ordering": ("id",),
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["offered", "accepted", "declined", "withdrawn", "carried_out"],
                            )
                        ),
                        name="proposal_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", None), ("currency", "")),
                            models.Q(("amount__gt", 0), models.Q(("currency", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="proposal_amount_with_currency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["accepted", "declined", "carried_out"]),
                                _negated=True,
                            ),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="proposal_answer_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "carried_out"), _negated=True),
                            models.Q(
                                ("carried_out_at__isnull", False), ("carried_out_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="proposal_carried_out_has_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["offered", "accepted"])),
                        fields=("ticket",),
                        name="proposal_one_live",
                    ),
                ],
                "indexes": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalFollowUp",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call_back", "Call back"),
                            ("care", "Care after delivery"),
                            ("check", "Check after resolution"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="what to do")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("done", "Done"),
                            ("canceled", "Canceled"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="outcome"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="planned")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reminded"),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="planned by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical follow-up",
                "verbose_name_plural": "historical follow-ups",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_589868_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__648e91_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call_back", "Call back"),
                            ("care", "Care after delivery"),
                            ("check", "Check after resolution"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="what to do")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "assignee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("done", "Done"),
                            ("canceled", "Canceled"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="outcome"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="planned by",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="planned")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reminded"),
                ),
            ],
            options={
                "verbose_name": "follow-up",
                "verbose_name_plural": "follow-ups",
                "ordering": ("due_at", "id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "planned")),
                        fields=["assignee", "due_at"],
                        name="follow_up_planned",
                    ),
                    models.Index(
                        condition=models.Q(("status", "planned")),
                        fields=["due_at"],
                        name="follow_up_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["planned", "done", "canceled"])),
                        name="follow_up_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "done"), _negated=True),
                            ("done_at__isnull", False),
                            _connector="OR",
                        ),
                        name="follow_up_done_has_time",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalCsatResponse",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "round",
                    models.PositiveSmallIntegerField(default=1, verbose_name="resolution no."),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("invited", "Invited"),
                            ("answered", "Answered"),
                            ("expired", "Not answered"),
                        ],
                        default="invited",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="score"),
                ),
                ("comment", models.TextField(blank=True, default="", verbose_name="comment")),
                ("invited_at", models.DateTimeField(verbose_name="invited")),
                ("expires_at", models.DateTimeField(verbose_name="open until")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical rating",
                "verbose_name_plural": "historical ratings",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="tickets_his_id_2f78cd_idx"),
                    models.Index(fields=["change_id"], name="tickets_his_change__3cc727_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="CsatResponse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "round",
                    models.PositiveSmallIntegerField(default=1, verbose_name="resolution no."),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("invited", "Invited"),
                            ("answered", "Answered"),
                            ("expired", "Not answered"),
                        ],
                        default="invited",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="score"),
                ),
                ("comment", models.TextField(blank=True, default="", verbose_name="comment")),
                ("invited_at", models.DateTimeField(verbose_name="invited")),
                ("expires_at", models.DateTimeField(verbose_name="open until")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
            ],
            options={
                "verbose_name": "rating",
                "verbose_name_plural": "ratings",
                "ordering": ("-id",),
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["invited", "answered", "expired"])),
                        name="csat_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("score", None), ("score__range", (1, 5)), _connector="OR"
                        ),
                        name="csat_score_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "answered"), _negated=True),
                            models.Q(("answered_at__isnull", False), ("score__isnull", False)),
                            _connector="OR",
                        ),
                        name="csat_answer_complete",
                    ),
                    models.UniqueConstraint(
                        fields=("ticket", "round"), name="csat_once_per_resolution"
                    ),
                ],
                "indexes": [],
            },
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="4508a0915596313c8da8ab84490683d532d86372",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_06543",
                    table="tickets_category",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalcategory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="a98771950489278274ff7db2d0c16b2677b3c23d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_61e14",
                    table="tickets_historicalcategory",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicaltag",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="acb0aac3168ec3027bff0e2cb158bdd276b57ca2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a86ec",
                    table="tickets_historicaltag",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="tag",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="8715273e3a4d01586194dffea52c175bb36cb166",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_3747b",
                    table="tickets_tag",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalticket",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="c06af301cf5a295da53c9bdbc0b25aabb9a674a0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ca53c",
                    table="tickets_historicalticket",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('id')",
                    func="",
                    hash="e9fb365b2c315b42d78941e73a5ac8bd34da2019",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_9c183",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalticketlink",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="a0272cb06142070cfbef9383acb3c62f943ae2d7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8368f",
                    table="tickets_historicalticketlink",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="ticketlink",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="5594457c459ec53298142199ab210340012733b9",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_40ebe",
                    table="tickets_ticketlink",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalwatcher",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="94ff2248c1f9ca791d1bcc704b9711262eb9d81d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_71646",
                    table="tickets_historicalwatcher",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="watcher",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="6c0b09c062d8f7ff1b182a00af5cc494c784a56f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_7279f",
                    table="tickets_watcher",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalmessage",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="c1b7047fd11d84ae19b80d70f349c0970a60fc62",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_66779",
                    table="tickets_historicalmessage",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="4e7f5fc7bf0c53a326df962c56d85b8cc06667e5",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_7cff2",
                    table="tickets_message",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalattachment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="9ff04c708857204837f55b12b1fa26729c5e4711",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_80a65",
                    table="tickets_historicalattachment",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="attachment",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="dc36781fd031d5d3d4fd170f087c80704daa0191",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_4f7fd",
                    table="tickets_attachment",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicaloutboundmail",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="9ed30b60525020182bcb72d8f878141e3f7d0249",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c145d",
                    table="tickets_historicaloutboundmail",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="outboundmail",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="6c65e1901d2313fc34924498b4fb1c5253205d00",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_33caa",
                    table="tickets_outboundmail",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="rawintake",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="5bc285ef9fba860f301ffe8cd84adf3a905a6ff3",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_b190a",
                    table="tickets_rawintake",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalrawintake",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="de08c7358613898e3d54896ff18dea647ce89357",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4f78e",
                    table="tickets_historicalrawintake",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalstatuslink",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="4c3c22586425df48a022a4e85d179a5fb27704ed",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b1e09",
                    table="tickets_historicalstatuslink",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="statuslink",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="2d65518956fcddb74829d7c098b62061477e94ff",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_75a1d",
                    table="tickets_statuslink",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalsavedreply",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="c9d516164162baf64afcb1d1af67b54df07e8000",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_74cff",
                    table="tickets_historicalsavedreply",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="savedreply",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="4d45d487e2c4abf027707e5ee4d085857b5e2fcb",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_68eaa",
                    table="tickets_savedreply",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalmacro",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="44b8814a3faa4c232c396bf28ae16cfb679a13d5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d97d9",
                    table="tickets_historicalmacro",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="macro",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="1fd50423215bb13bc33787e7f37185f5f252accc",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_0776c",
                    table="tickets_macro",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalsavedview",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="f401bcfaabb17d0a682dbd35f62a3191a7822070",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cdec8",
                    table="tickets_historicalsavedview",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="savedview",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="fc00a681707f1d5f82263fe562fe1db0447856a2",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_d4d85",
                    table="tickets_savedview",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalinvestigation",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="81aa56abf411dbb9e9316bb0703038722a43a5e2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f5772",
                    table="tickets_historicalinvestigation",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="investigation",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="785f64adbfa029524f5dd8a14d8820b7cdb94af9",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_ba91b",
                    table="tickets_investigation",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalevidence",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="0a7c88ed5cc3d41101ca489518c1e2d9ffe1ee8d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d5101",
                    table="tickets_historicalevidence",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="0a1cdd37fb00a9f4786519588f894e19d58718d4",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_a88bc",
                    table="tickets_evidence",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="50fb81c6ef510604cd6897141d262639efc401d6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c4cf9",
                    table="tickets_historicalproposal",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="1fb483b00ec7ac59ce970d560873dfa5effdb001",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_5527c",
                    table="tickets_proposal",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalfollowup",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="6f7232907d8f5e1e276f841570a22e36d5db6ec6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_561a7",
                    table="tickets_historicalfollowup",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="followup",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="175b68bb692cbdde1a1e59c4178937baabf35ded",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_34f81",
                    table="tickets_followup",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalcsatresponse",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="28ecadde8b4cfa117987b2cc7ac2dabea95e4cb2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c49a6",
                    table="tickets_historicalcsatresponse",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="csatresponse",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="99c42ad47e2f9c784b1fc54af081f5fdd82c620b",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_755c6",
                    table="tickets_csatresponse",
                    when="AFTER",
                ),
            ),
        ),
    ]
