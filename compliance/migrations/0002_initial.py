import aftersales.kernel.journal
import aftersales.kernel.migrating
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("compliance", "0001_functions"),
    ]

    operations = [
        aftersales.kernel.migrating.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, verbose_name="event")),
                ("subject_type", models.CharField(max_length=60, verbose_name="object type")),
                ("subject_id", models.BigIntegerField(verbose_name="object id")),
                ("subject_label", models.CharField(max_length=200, verbose_name="object")),
                ("case_id", models.BigIntegerField(null=True, verbose_name="case")),
                (
                    "case_label",
                    models.CharField(blank=True, max_length=20, verbose_name="case number"),
                ),
                ("actor_id", models.BigIntegerField(verbose_name="actor id")),
                ("actor_name", models.CharField(max_length=200, verbose_name="actor")),
                (
                    "on_behalf_of_id",
                    models.BigIntegerField(null=True, verbose_name="on behalf of (id)"),
                ),
                (
                    "on_behalf_of_name",
                    models.CharField(blank=True, max_length=200, verbose_name="on behalf of"),
                ),
                ("note", models.TextField(blank=True, verbose_name="reason")),
                ("data", models.JSONField(default=dict, verbose_name="details")),
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
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                ("request_id", models.CharField(blank=True, max_length=64, verbose_name="request")),
                (
                    "client_address",
                    models.GenericIPAddressField(null=True, verbose_name="client address"),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="happened at")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ("-id",),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["case_id", "-id"], name="compliance__case_id_827ba6_idx"),
                    models.Index(
                        fields=["subject_type", "subject_id", "-id"],
                        name="compliance__subject_68181f_idx",
                    ),
                    models.Index(fields=["actor_id", "-id"], name="compliance__actor_i_53a059_idx"),
                    models.Index(fields=["code", "-id"], name="compliance__code_86bbfe_idx"),
                    models.Index(fields=["recorded_at"], name="compliance__recorde_eeda8c_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                ["admin", "api", "portal", "mail", "job", "import", "shell"],
                            )
                        ),
                        name="event_source_known",
                    )
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="JournalEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table_name", models.CharField(max_length=63, verbose_name="table")),
                ("row_pk", models.BigIntegerField(verbose_name="row")),
                (
                    "operation",
                    models.CharField(
                        choices=[("insert", "Added"), ("update", "Changed"), ("delete", "Removed")],
                        max_length=6,
                        verbose_name="kind of change",
                    ),
                ),
                ("changed", models.JSONField(default=list, verbose_name="fields")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("case_id", models.BigIntegerField(null=True, verbose_name="case")),
                ("txid", models.BigIntegerField(verbose_name="transaction")),
                ("change_id", models.UUIDField(null=True, verbose_name="change")),
                ("actor_id", models.BigIntegerField(null=True, verbose_name="actor id")),
                ("actor_name", models.CharField(blank=True, max_length=200, verbose_name="actor")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("source", models.CharField(blank=True, max_length=10, verbose_name="source")),
                ("request_id", models.CharField(blank=True, max_length=64, verbose_name="request")),
                ("db_user", models.CharField(max_length=63, verbose_name="database user")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "ordering": ("-id",),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        fields=["table_name", "row_pk", "-id"],
                        name="compliance__table_n_a36838_idx",
                    ),
                    models.Index(
                        condition=models.Q(("case_id__isnull", False)),
                        fields=["case_id", "-id"],
                        name="journal_by_case",
                    ),
                    models.Index(fields=["actor_name", "-id"], name="journal_by_actor"),
                    models.Index(fields=["source", "-id"], name="journal_by_source"),
                    models.Index(fields=["table_name", "-id"], name="journal_by_table"),
                    models.Index(
                        condition=models.Q(("operation", "delete")),
                        fields=["-id"],
                        name="journal_removals",
                    ),
                    models.Index(
                        condition=models.Q(("reason", ""), _negated=True),
                        fields=["-id"],
                        name="journal_reasoned",
                    ),
                    models.Index(
                        condition=models.Q(("request_id", ""), _negated=True),
                        fields=["request_id", "-id"],
                        name="journal_by_request",
                    ),
                    models.Index(fields=["recorded_at"], name="compliance__recorde_43c453_idx"),
                ],
                "constraints": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Disclosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor_id", models.BigIntegerField(verbose_name="actor id")),
                ("actor_name", models.CharField(max_length=200, verbose_name="actor")),
                ("subject_type", models.CharField(max_length=60, verbose_name="object type")),
                ("subject_id", models.BigIntegerField(verbose_name="object id")),
                ("subject_label", models.CharField(max_length=200, verbose_name="object")),
                ("fields", models.JSONField(default=list, verbose_name="fields")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("case_id", models.BigIntegerField(null=True, verbose_name="case")),
                ("request_id", models.CharField(blank=True, max_length=64, verbose_name="request")),
                (
                    "client_address",
                    models.GenericIPAddressField(null=True, verbose_name="client address"),
                ),
                ("disclosed_at", models.DateTimeField(verbose_name="shown at")),
            ],
            options={
                "verbose_name": "disclosure",
                "verbose_name_plural": "disclosures",
                "ordering": ("-id",),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        fields=["actor_id", "disclosed_at"], name="compliance__actor_i_161ac2_idx"
                    ),
                    models.Index(
                        fields=["subject_type", "subject_id"], name="compliance__subject_bbe375_idx"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="disclosure_has_reason",
                    )
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=60, primary_key=True, serialize=False, verbose_name="duty"
                    ),
                ),
                ("beat_at", models.DateTimeField(verbose_name="last run")),
                ("detail", models.JSONField(default=dict, verbose_name="details")),
            ],
            options={
                "verbose_name": "heartbeat",
                "verbose_name_plural": "background jobs",
                "default_permissions": ("view",),
                "indexes": [],
                "constraints": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="IdempotentRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=200)),
                ("path", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("status_code", models.PositiveSmallIntegerField()),
                ("response", models.JSONField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["created_at"], name="compliance__created_eda308_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("actor_id", "key"), name="idempotent_key_unique"
                    )
                ],
            },
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="auditevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="9c7c38f0eb0c42331e26cc6075eebd13ec61d4e6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f6049",
                    table="compliance_auditevent",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="d60ada42d7a84ca40d3e27251c730d8a39e01e0f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c91f6",
                    table="compliance_journalentry",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="disclosure",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="d3d1b1e9e6ed1b38fbfd4fa07898e15169ac668f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_965f2",
                    table="compliance_disclosure",
                    when="BEFORE",
                ),
            ),
        ),
    ]
