import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import aftersales.kernel.journal


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChatTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                (
                    "quiet_until",
                    models.TimeField(blank=True, null=True, verbose_name="quiet until"),
                ),
                (
                    "urgent_breaks_quiet",
                    models.BooleanField(
                        default=False,
                        help_text="Missed deadlines of the law are sent even in quiet hours.",
                        verbose_name="urgent notices at any hour",
                    ),
                ),
                ("label", models.CharField(max_length=80, verbose_name="name")),
                ("url", models.CharField(max_length=500, verbose_name="address")),
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
                    "min_urgency",
                    models.CharField(
                        choices=[
                            ("low", "For information"),
                            ("normal", "Normal"),
                            ("urgent", "Urgent"),
                        ],
                        default="normal",
                        max_length=6,
                        verbose_name="from urgency",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chat_targets",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "verbose_name": "chat group",
                "verbose_name_plural": "chat groups",
                "ordering": ("department__code", "label"),
                "default_permissions": ("add", "change", "view"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                            models.Q(
                                ("quiet_from__isnull", False),
                                ("quiet_until__isnull", False),
                                models.Q(("quiet_from", models.F("quiet_until")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="chat_quiet_is_whole",
                        violation_error_message="Give both ends of the quiet hours, or none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("min_urgency__in", ["low", "normal", "urgent"])),
                        name="chat_urgency_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalChatTarget",
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
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                (
                    "quiet_until",
                    models.TimeField(blank=True, null=True, verbose_name="quiet until"),
                ),
                (
                    "urgent_breaks_quiet",
                    models.BooleanField(
                        default=False,
                        help_text="Missed deadlines of the law are sent even in quiet hours.",
                        verbose_name="urgent notices at any hour",
                    ),
                ),
                ("label", models.CharField(max_length=80, verbose_name="name")),
                ("url", models.CharField(max_length=500, verbose_name="address")),
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
                    "min_urgency",
                    models.CharField(
                        choices=[
                            ("low", "For information"),
                            ("normal", "Normal"),
                            ("urgent", "Urgent"),
                        ],
                        default="normal",
                        max_length=6,
                        verbose_name="from urgency",
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
                "verbose_name": "historical chat group",
                "verbose_name_plural": "historical chat groups",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="staff_histo_id_236fae_idx"),
                    models.Index(fields=["change_id"], name="staff_histo_change__76077a_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalNoticePreference",
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
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                (
                    "quiet_until",
                    models.TimeField(blank=True, null=True, verbose_name="quiet until"),
                ),
                (
                    "urgent_breaks_quiet",
                    models.BooleanField(
                        default=False,
                        help_text="Missed deadlines of the law are sent even in quiet hours.",
                        verbose_name="urgent notices at any hour",
                    ),
                ),
                (
                    "mail_low",
                    models.BooleanField(default=False, verbose_name="mail for information"),
                ),
                (
                    "mail_normal",
                    models.BooleanField(default=True, verbose_name="mail for normal notices"),
                ),
                (
                    "mail_urgent",
                    models.BooleanField(default=True, verbose_name="mail for urgent notices"),
                ),
                (
                    "digest_hour",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=8,
                        help_text="For leads, in the time zone of the desk; empty for none.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="hour of the daily digest",
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
            ],
            options={
                "verbose_name": "historical wishes for notices",
                "verbose_name_plural": "historical wishes for notices",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="staff_histo_id_1a08da_idx"),
                    models.Index(fields=["change_id"], name="staff_histo_change__6060ed_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, verbose_name="kind")),
                ("params", models.JSONField(default=dict, verbose_name="details")),
                ("case_id", models.BigIntegerField(null=True, verbose_name="case")),
                (
                    "case_label",
                    models.CharField(blank=True, max_length=20, verbose_name="case number"),
                ),
                ("url", models.CharField(max_length=300, verbose_name="page")),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("low", "For information"),
                            ("normal", "Normal"),
                            ("urgent", "Urgent"),
                        ],
                        max_length=6,
                        verbose_name="urgency",
                    ),
                ),
                ("source_key", models.CharField(max_length=150, verbose_name="cause")),
                ("created_at", models.DateTimeField(verbose_name="told")),
                ("read_at", models.DateTimeField(null=True, verbose_name="read")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ("-id",),
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["recipient", "-id"],
                        name="notice_unread",
                    ),
                    models.Index(fields=["recipient", "-id"], name="notice_by_recipient"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("recipient", "source_key"), name="notice_once"),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["low", "normal", "urgent"])),
                        name="notice_urgency_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeDelivery",
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
                        choices=[("mail", "E-mail"), ("chat", "Chat"), ("digest", "Daily digest")],
                        max_length=6,
                        verbose_name="way",
                    ),
                ),
                (
                    "effect_key",
                    models.CharField(max_length=200, unique=True, verbose_name="effect key"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("parked", "Parked"),
                            ("skipped", "Skipped"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("send_after", models.DateTimeField(verbose_name="send after")),
                (
                    "is_held_back",
                    models.BooleanField(default=False, verbose_name="waited for quiet hours"),
                ),
                (
                    "leased_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="leased until"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="last error")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="staff.notice",
                        verbose_name="notice",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="staff.chattarget",
                        verbose_name="chat group",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice sent",
                "verbose_name_plural": "notices sent",
                "ordering": ("-id",),
                "permissions": [("retry_noticedelivery", "Can send a parked notice again")],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["queued", "sending"])),
                        fields=["send_after"],
                        name="delivery_to_send",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["queued", "sending", "sent", "parked", "skipped"])
                        ),
                        name="delivery_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["mail", "chat", "digest"])),
                        name="delivery_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="delivery_sent_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "chat"), ("target__isnull", False)),
                            models.Q(
                                models.Q(("channel", "chat"), _negated=True),
                                ("target__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="delivery_chat_has_target",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticePreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                (
                    "quiet_until",
                    models.TimeField(blank=True, null=True, verbose_name="quiet until"),
                ),
                (
                    "urgent_breaks_quiet",
                    models.BooleanField(
                        default=False,
                        help_text="Missed deadlines of the law are sent even in quiet hours.",
                        verbose_name="urgent notices at any hour",
                    ),
                ),
                (
                    "mail_low",
                    models.BooleanField(default=False, verbose_name="mail for information"),
                ),
                (
                    "mail_normal",
                    models.BooleanField(default=True, verbose_name="mail for normal notices"),
                ),
                (
                    "mail_urgent",
                    models.BooleanField(default=True, verbose_name="mail for urgent notices"),
                ),
                (
                    "digest_hour",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=8,
                        help_text="For leads, in the time zone of the desk; empty for none.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="hour of the daily digest",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice_preference",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "wishes for notices",
                "verbose_name_plural": "wishes for notices",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                            models.Q(
                                ("quiet_from__isnull", False),
                                ("quiet_until__isnull", False),
                                models.Q(("quiet_from", models.F("quiet_until")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="preference_quiet_is_whole",
                        violation_error_message="Give both ends of the quiet hours, or none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("digest_hour__isnull", True), ("digest_hour__lte", 23), _connector="OR"
                        ),
                        name="preference_digest_is_an_hour",
                    ),
                ],
            },
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="chattarget",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="9b57adecdfcb7db06ba87a90850734594bd1cad2",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_acfc1",
                    table="staff_chattarget",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalchattarget",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="ee857945bab62ad1bdbd80d070f0e5133db58609",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ad4bc",
                    table="staff_historicalchattarget",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalnoticepreference",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="bf540519b9f2825f4da41ce531b2e3eac2aa6d4c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_417f4",
                    table="staff_historicalnoticepreference",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="noticepreference",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="43dc03da55ff56f0f7bfe63a145658be00ba08f6",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_1cb2c",
                    table="staff_noticepreference",
                    when="AFTER",
                ),
            ),
        ),
    ]
