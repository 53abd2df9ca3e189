import aftersales.kernel.journal
import django.db.models.deletion
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0002_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="from",
                    ),
                ),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                (
                    "limit",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="up to"
                    ),
                ),
                (
                    "currency",
                    models.CharField(blank=True, default="", max_length=3, verbose_name="currency"),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("is_revoked", models.BooleanField(default=False, verbose_name="taken back")),
            ],
            options={
                "verbose_name": "delegation",
                "verbose_name_plural": "delegations",
                "ordering": ("-starts_at",),
                "default_permissions": ("view", "add", "change"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="delegation_ends_after_start",
                        violation_error_message="The end must be after the start.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delegate", models.F("giver")), _negated=True),
                        name="delegation_to_another",
                        violation_error_message="It must go to somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("limit", None),
                            models.Q(("limit__gt", 0), models.Q(("currency", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="delegation_limit_has_currency",
                        violation_error_message="A limit needs a currency.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalDelegation",
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
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                (
                    "limit",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="up to"
                    ),
                ),
                (
                    "currency",
                    models.CharField(blank=True, default="", max_length=3, verbose_name="currency"),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("is_revoked", models.BooleanField(default=False, verbose_name="taken back")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "giver",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="from",
                    ),
                ),
                (
                    "delegate",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
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
                "verbose_name": "historical delegation",
                "verbose_name_plural": "historical delegations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="staff_histo_id_b1c6ba_idx"),
                    models.Index(fields=["change_id"], name="staff_histo_change__5eaef4_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="delegation",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="24ecdbd8571a98de0aeb1084a94fb740a0d4109a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_00f1a",
                    table="staff_delegation",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicaldelegation",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="31a182f45c722de5ae3c88e3e41c910a669e87a7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f2640",
                    table="staff_historicaldelegation",
                    when="BEFORE",
                ),
            ),
        ),
    ]
