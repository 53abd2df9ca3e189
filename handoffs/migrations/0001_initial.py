import django.db.models.deletion
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import aftersales.kernel.journal


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("staff", "0001_initial"),
        ("tickets", "0003_saved_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandoffTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name (Chinese)")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transfer", "Transfer of the case"),
                            ("assist", "Help from a department"),
                            ("external", "Question to an outsider"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "target_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("service", "Customer service"),
                            ("logistics", "Logistics"),
                            ("warehouse", "Warehouse"),
                            ("quality", "Quality"),
                            ("supply", "Supply"),
                            ("technical", "Technical"),
                            ("finance", "Finance"),
                            ("marketing", "Marketing"),
                            ("legal", "Legal"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="goes to a department for",
                    ),
                ),
                (
                    "ask_fields",
                    models.JSONField(
                        blank=True, default=list, verbose_name="fields of the question"
                    ),
                ),
                (
                    "answer_fields",
                    models.JSONField(blank=True, default=list, verbose_name="fields of the answer"),
                ),
                (
                    "pauses_case",
                    models.BooleanField(
                        default=False,
                        help_text="While it is under way the case waits for others.",
                        verbose_name="puts the case on hold",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=100, verbose_name="position"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "target_department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.department",
                        verbose_name="goes to",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-over template",
                "verbose_name_plural": "hand-over templates",
                "ordering": ("position", "code"),
                "default_permissions": ("view", "add", "change"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["transfer", "assist", "external"])),
                        name="handoff_template_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "transfer"), _negated=True),
                            ("pauses_case", False),
                            _connector="OR",
                        ),
                        name="handoff_transfer_holds_nothing",
                        violation_error_message="A transfer does not put the case on hold.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handoff",
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
                        editable=False, max_length=12, unique=True, verbose_name="number"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transfer", "Transfer of the case"),
                            ("assist", "Help from a department"),
                            ("external", "Question to an outsider"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("returned", "More information needed"),
                            ("answered", "Answered"),
                            ("declined", "Declined"),
                            ("closed", "Done"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="sent",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "party_name",
                    models.CharField(
                        blank=True, default="", max_length=120, verbose_name="outsider"
                    ),
                ),
                (
                    "party_email",
                    models.EmailField(
                        blank=True, default="", max_length=254, verbose_name="outsider's mail"
                    ),
                ),
                (
                    "party_phone",
                    models.CharField(
                        blank=True, default="", max_length=40, verbose_name="outsider's phone"
                    ),
                ),
                (
                    "party_language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")],
                        default="zh-hans",
                        max_length=10,
                        verbose_name="outsider's language",
                    ),
                ),
                ("question", models.TextField(verbose_name="question")),
                (
                    "ask_fields",
                    models.JSONField(
                        blank=True, default=list, verbose_name="fields of the question"
                    ),
                ),
                (
                    "asked",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="details of the question"
                    ),
                ),
                (
                    "answer_fields",
                    models.JSONField(blank=True, default=list, verbose_name="fields of the answer"),
                ),
                (
                    "answered",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="details of the answer"
                    ),
                ),
                ("answer", models.TextField(blank=True, default="", verbose_name="answer")),
                (
                    "answered_for",
                    models.CharField(
                        blank=True, default="", max_length=120, verbose_name="answer given by"
                    ),
                ),
                (
                    "pauses_case",
                    models.BooleanField(default=False, verbose_name="puts the case on hold"),
                ),
                (
                    "holds_case",
                    models.BooleanField(
                        default=False,
                        help_text="The case waits because of this leg and goes on when it ends.",
                        verbose_name="holds the case now",
                    ),
                ),
                (
                    "ping_pong_count",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="times sent back and forth"
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
                    "cost_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="cost charged to it",
                    ),
                ),
                (
                    "cost_currency",
                    models.CharField(blank=True, default="", max_length=3, verbose_name="currency"),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="accepted"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accepted by",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoffs",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assignee",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "from_department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.department",
                        verbose_name="from",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoffs",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "to_department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.department",
                        verbose_name="to",
                    ),
                ),
                (
                    "to_team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.team",
                        verbose_name="team",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoffs",
                        to="handoffs.handofftemplate",
                        verbose_name="template",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-over",
                "verbose_name_plural": "hand-overs",
                "ordering": ("-id",),
                "permissions": [
                    ("send_handoff", "Can hand over, ask again, withdraw and accept answers"),
                    ("answer_handoff", "Can accept, answer, return and decline"),
                    ("assign_handoff", "Can assign hand-overs to colleagues"),
                ],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("status__in", ["sent", "accepted", "returned", "answered", "declined"])
                        ),
                        fields=["to_department", "due_at", "id"],
                        name="handoff_inbox",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("status__in", ["sent", "accepted", "returned", "answered", "declined"])
                        ),
                        fields=["from_department", "due_at", "id"],
                        name="handoff_outbox",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["transfer", "assist", "external"]),
                            (
                                "status__in",
                                [
                                    "sent",
                                    "accepted",
                                    "returned",
                                    "answered",
                                    "declined",
                                    "closed",
                                    "withdrawn",
                                ],
                            ),
                        ),
                        name="handoff_status_and_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "external"),
                                ("to_department", None),
                                models.Q(("party_name", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("kind", "external"), _negated=True),
                                ("party_email", ""),
                                ("party_name", ""),
                                ("party_phone", ""),
                                ("to_department__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="handoff_goes_to_one_side",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_department", models.F("from_department")), _negated=True
                        ),
                        name="handoff_two_departments",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "accepted"), _negated=True),
                            models.Q(
                                ("accepted_at__isnull", False), ("accepted_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="handoff_accepted_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "answered"), _negated=True),
                            models.Q(
                                ("answered_at__isnull", False), ("answered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="handoff_answered_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("status__in", ["closed", "withdrawn"]),
                                ("ended_by__isnull", False),
                                ("holds_case", False),
                            ),
                            models.Q(
                                models.Q(("status__in", ["closed", "withdrawn"]), _negated=True),
                                ("ended_at", None),
                                ("ended_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="handoff_ended_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True),
                            models.Q(("accepted_at__isnull", False), ("kind", "transfer")),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="handoff_done_when_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("holds_case", False),
                            models.Q(("pauses_case", True), ("status__in", ["sent", "accepted"])),
                            _connector="OR",
                        ),
                        name="handoff_holds_while_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cost_amount", None), ("cost_currency", "")),
                            models.Q(
                                ("cost_amount__gt", 0),
                                models.Q(("cost_currency", ""), _negated=True),
                                models.Q(("responsible_party", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="handoff_cost_with_currency_and_party",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "transfer"),
                            (
                                "status__in",
                                ["sent", "accepted", "returned", "answered", "declined"],
                            ),
                        ),
                        fields=("ticket",),
                        name="handoff_one_transfer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoffTurn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("returned", "Asked back"),
                            ("resent", "Sent again"),
                            ("answered", "Answered"),
                            ("declined", "Declined"),
                            ("rerouted", "Sent elsewhere"),
                            ("withdrawn", "Withdrawn"),
                            ("closed", "Accepted the answer"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("returned", "More information needed"),
                            ("answered", "Answered"),
                            ("declined", "Declined"),
                            ("closed", "Done"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="status after",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("giver", "Who asked"),
                            ("receiver", "Who was asked"),
                            ("nobody", "Nobody"),
                        ],
                        max_length=10,
                        verbose_name="whose turn",
                    ),
                ),
                ("text", models.TextField(blank=True, default="", verbose_name="words")),
                (
                    "by_name",
                    models.CharField(
                        blank=True, default="", max_length=120, verbose_name="in the name of"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
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
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="turns",
                        to="handoffs.handoff",
                        verbose_name="hand-over",
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
            ],
            options={
                "verbose_name": "turn",
                "verbose_name_plural": "turns",
                "ordering": ("id",),
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("side__in", ["giver", "receiver", "nobody"]),
                            (
                                "status__in",
                                [
                                    "sent",
                                    "accepted",
                                    "returned",
                                    "answered",
                                    "declined",
                                    "closed",
                                    "withdrawn",
                                ],
                            ),
                        ),
                        name="handoff_turn_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoffFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "field",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="field"),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.attachment",
                        verbose_name="file",
                    ),
                ),
                (
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="handoffs.handoff",
                        verbose_name="hand-over",
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
                    "turn",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="handoffs.handoffturn",
                        verbose_name="turn",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a hand-over",
                "verbose_name_plural": "files of a hand-over",
                "ordering": ("id",),
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("handoff", "attachment"), name="handoff_file_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCaseExample",
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
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Shared"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("lesson", models.CharField(max_length=1000, verbose_name="what it teaches")),
                ("body", models.TextField(verbose_name="the case, without personal data")),
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
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="approved"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
                ),
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
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
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
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
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
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawn by",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical example",
                "verbose_name_plural": "historical examples",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="handoffs_hi_id_929486_idx"),
                    models.Index(fields=["change_id"], name="handoffs_hi_change__3b452b_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalHandoff",
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
                ("number", models.CharField(editable=False, max_length=12, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transfer", "Transfer of the case"),
                            ("assist", "Help from a department"),
                            ("external", "Question to an outsider"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("returned", "More information needed"),
                            ("answered", "Answered"),
                            ("declined", "Declined"),
                            ("closed", "Done"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="sent",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "party_name",
                    models.CharField(
                        blank=True, default="", max_length=120, verbose_name="outsider"
                    ),
                ),
                (
                    "party_email",
                    models.EmailField(
                        blank=True, default="", max_length=254, verbose_name="outsider's mail"
                    ),
                ),
                (
                    "party_phone",
                    models.CharField(
                        blank=True, default="", max_length=40, verbose_name="outsider's phone"
                    ),
                ),
                (
                    "party_language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")],
                        default="zh-hans",
                        max_length=10,
                        verbose_name="outsider's language",
                    ),
                ),
                ("question", models.TextField(verbose_name="question")),
                (
                    "ask_fields",
                    models.JSONField(
                        blank=True, default=list, verbose_name="fields of the question"
                    ),
                ),
                (
                    "asked",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="details of the question"
                    ),
                ),
                (
                    "answer_fields",
                    models.JSONField(blank=True, default=list, verbose_name="fields of the answer"),
                ),
                (
                    "answered",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="details of the answer"
                    ),
                ),
                ("answer", models.TextField(blank=True, default="", verbose_name="answer")),
                (
                    "answered_for",
                    models.CharField(
                        blank=True, default="", max_length=120, verbose_name="answer given by"
                    ),
                ),
                (
                    "pauses_case",
                    models.BooleanField(default=False, verbose_name="puts the case on hold"),
                ),
                (
                    "holds_case",
                    models.BooleanField(
                        default=False,
                        help_text="The case waits because of this leg and goes on when it ends.",
                        verbose_name="holds the case now",
                    ),
                ),
                (
                    "ping_pong_count",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="times sent back and forth"
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
                    "cost_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="cost charged to it",
                    ),
                ),
                (
                    "cost_currency",
                    models.CharField(blank=True, default="", max_length=3, verbose_name="currency"),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="accepted"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
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
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accepted by",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
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
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "from_department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.department",
                        verbose_name="from",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="handoffs.handofftemplate",
                        verbose_name="template",
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
                    "to_department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.department",
                        verbose_name="to",
                    ),
                ),
                (
                    "to_team",
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
            ],
            options={
                "verbose_name": "historical hand-over",
                "verbose_name_plural": "historical hand-overs",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="handoffs_hi_id_a12926_idx"),
                    models.Index(fields=["change_id"], name="handoffs_hi_change__19c442_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalHandoffFile",
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
                    "field",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="field"),
                ),
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
                    "handoff",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="handoffs.handoff",
                        verbose_name="hand-over",
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
                    "turn",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="handoffs.handoffturn",
                        verbose_name="turn",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical file of a hand-over",
                "verbose_name_plural": "historical files of a hand-over",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="handoffs_hi_id_97ef22_idx"),
                    models.Index(fields=["change_id"], name="handoffs_hi_change__5b1ee8_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalHandoffTemplate",
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
                ("code", models.SlugField(db_index=False, max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name (Chinese)")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transfer", "Transfer of the case"),
                            ("assist", "Help from a department"),
                            ("external", "Question to an outsider"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "target_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("service", "Customer service"),
                            ("logistics", "Logistics"),
                            ("warehouse", "Warehouse"),
                            ("quality", "Quality"),
                            ("supply", "Supply"),
                            ("technical", "Technical"),
                            ("finance", "Finance"),
                            ("marketing", "Marketing"),
                            ("legal", "Legal"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="goes to a department for",
                    ),
                ),
                (
                    "ask_fields",
                    models.JSONField(
                        blank=True, default=list, verbose_name="fields of the question"
                    ),
                ),
                (
                    "answer_fields",
                    models.JSONField(blank=True, default=list, verbose_name="fields of the answer"),
                ),
                (
                    "pauses_case",
                    models.BooleanField(
                        default=False,
                        help_text="While it is under way the case waits for others.",
                        verbose_name="puts the case on hold",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=100, verbose_name="position"),
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
                (
                    "target_department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="staff.department",
                        verbose_name="goes to",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical hand-over template",
                "verbose_name_plural": "historical hand-over templates",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="handoffs_hi_id_536fa0_idx"),
                    models.Index(fields=["change_id"], name="handoffs_hi_change__80ecc7_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalHandoffTurn",
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
                    "verb",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("returned", "Asked back"),
                            ("resent", "Sent again"),
                            ("answered", "Answered"),
                            ("declined", "Declined"),
                            ("rerouted", "Sent elsewhere"),
                            ("withdrawn", "Withdrawn"),
                            ("closed", "Accepted the answer"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("returned", "More information needed"),
                            ("answered", "Answered"),
                            ("declined", "Declined"),
                            ("closed", "Done"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="status after",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("giver", "Who asked"),
                            ("receiver", "Who was asked"),
                            ("nobody", "Nobody"),
                        ],
                        max_length=10,
                        verbose_name="whose turn",
                    ),
                ),
                ("text", models.TextField(blank=True, default="", verbose_name="words")),
                (
                    "by_name",
                    models.CharField(
                        blank=True, default="", max_length=120, verbose_name="in the name of"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
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
                (
                    "by",
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
                    "handoff",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="handoffs.handoff",
                        verbose_name="hand-over",
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
            ],
            options={
                "verbose_name": "historical turn",
                "verbose_name_plural": "historical turns",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="handoffs_hi_id_ce7cc6_idx"),
                    models.Index(fields=["change_id"], name="handoffs_hi_change__ac9ca4_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPartyLink",
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
                (
                    "handoff",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="handoffs.handoff",
                        verbose_name="hand-over",
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
            ],
            options={
                "verbose_name": "historical outsider's link",
                "verbose_name_plural": "historical outsiders' links",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="handoffs_hi_id_b25e31_idx"),
                    models.Index(fields=["change_id"], name="handoffs_hi_change__ffb2ed_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalResponsibilityRule",
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
                    "step",
                    models.CharField(
                        choices=[
                            ("acknowledged", "Acknowledged"),
                            ("assessed", "Assessed"),
                            ("routed", "Routed"),
                            ("investigated", "Investigated"),
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted"),
                            ("carried_out", "Carried out"),
                            ("result_told", "Result told"),
                            ("rated", "Rated"),
                        ],
                        max_length=15,
                        verbose_name="step",
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("R", "Responsible"),
                            ("A", "Accountable"),
                            ("C", "Consulted"),
                            ("I", "Informed"),
                        ],
                        max_length=1,
                        verbose_name="part",
                    ),
                ),
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
            ],
            options={
                "verbose_name": "historical responsibility",
                "verbose_name_plural": "historical responsibilities",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="handoffs_hi_id_5edc71_idx"),
                    models.Index(fields=["change_id"], name="handoffs_hi_change__6ca6e5_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PartyLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="handoffs.handoff",
                        verbose_name="hand-over",
                    ),
                ),
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
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
            ],
            options={
                "verbose_name": "outsider's link",
                "verbose_name_plural": "outsiders' links",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="ResponsibilityRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("acknowledged", "Acknowledged"),
                            ("assessed", "Assessed"),
                            ("routed", "Routed"),
                            ("investigated", "Investigated"),
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted"),
                            ("carried_out", "Carried out"),
                            ("result_told", "Result told"),
                            ("rated", "Rated"),
                        ],
                        max_length=15,
                        verbose_name="step",
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("R", "Responsible"),
                            ("A", "Accountable"),
                            ("C", "Consulted"),
                            ("I", "Informed"),
                        ],
                        max_length=1,
                        verbose_name="part",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "verbose_name": "responsibility",
                "verbose_name_plural": "responsibilities",
                "ordering": ("category__path", "step", "part", "department__code"),
                "default_permissions": ("view", "change"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("part__in", ["R", "A", "C", "I"]),
                            (
                                "step__in",
                                [
                                    "acknowledged",
                                    "assessed",
                                    "routed",
                                    "investigated",
                                    "proposed",
                                    "accepted",
                                    "carried_out",
                                    "result_told",
                                    "rated",
                                ],
                            ),
                        ),
                        name="responsibility_step_and_part_known",
                    ),
                    models.UniqueConstraint(
                        fields=("category", "step", "part", "department"),
                        name="responsibility_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("category", None)),
                        fields=("step", "part", "department"),
                        name="responsibility_once_everywhere",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("part__in", ["R", "A"])),
                        fields=("category", "step", "part"),
                        name="responsibility_one_owner",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("category", None), ("part__in", ["R", "A"])),
                        fields=("step", "part"),
                        name="responsibility_one_owner_everywhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseExample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Shared"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("lesson", models.CharField(max_length=1000, verbose_name="what it teaches")),
                ("body", models.TextField(verbose_name="the case, without personal data")),
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
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="approved"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="examples",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawn by",
                    ),
                ),
            ],
            options={
                "verbose_name": "example",
                "verbose_name_plural": "examples",
                "ordering": ("-id",),
                "permissions": [
                    ("propose_caseexample", "Can propose a closed case as an example"),
                    ("approve_caseexample", "Can share and withdraw examples"),
                ],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["proposed", "approved", "withdrawn"])),
                        name="example_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "approved"), _negated=True),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="example_approved_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "withdrawn"), _negated=True),
                            models.Q(
                                ("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="example_withdrawn_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="example_two_pairs_of_eyes",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["proposed", "approved"])),
                        fields=("ticket",),
                        name="example_one_per_case",
                    ),
                ],
            },
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="caseexample",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="0c06f4f8c924cc11585ca4fc584362d6359574f1",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_3d674",
                    table="handoffs_caseexample",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="handofftemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="41f6a5afe49b0df758f253f120d217e71bda6153",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_9dced",
                    table="handoffs_handofftemplate",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="handoff",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="9b8108191628a8684b1cc9ef260b2e1378af1b65",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_1dcdf",
                    table="handoffs_handoff",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="handoffturn",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="e7ae8ca87e9ec9775af841328973a09a96fc2882",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_1d0de",
                    table="handoffs_handoffturn",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="handofffile",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="b69d39bc2771fd7f9b2813b23a159d2861e031ed",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_27cba",
                    table="handoffs_handofffile",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalcaseexample",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="54030e7d51c4482a218458b9669daec064bf2176",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_71a22",
                    table="handoffs_historicalcaseexample",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalhandoff",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="e17f95b3b628be2a74e0552c910000cfb7d9f90f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d3ed8",
                    table="handoffs_historicalhandoff",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalhandofffile",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="c96b5a4f87e9b62eab374e6deb2f0d55db643492",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_52071",
                    table="handoffs_historicalhandofffile",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalhandofftemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="47a38e4866d6d1581d71d799cbcb56732ce2e94a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1ee5b",
                    table="handoffs_historicalhandofftemplate",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalhandoffturn",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="2fad39590507a81f3ccd1c1c8185c48067a1c0fe",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cc766",
                    table="handoffs_historicalhandoffturn",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalpartylink",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="ec04436ff17a39022b5bf41c17c5356fb56a8592",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8edc3",
                    table="handoffs_historicalpartylink",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalresponsibilityrule",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="f135c3ea8be0e450bff7df3dc66e726929a3918a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2d9d8",
                    table="handoffs_historicalresponsibilityrule",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="partylink",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="f54331797f311092da6f582df3b77f73124d9a08",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_c3361",
                    table="handoffs_partylink",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="responsibilityrule",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="9f46ed9671781777844ac26193ddd9c130c75f5b",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_e6314",
                    table="handoffs_responsibilityrule",
                    when="AFTER",
                ),
            ),
        ),
    ]
