import aftersales.kernel.journal
import aftersales.kernel.migrating
import clocks.frames
import clocks.models.calendars
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import simple_history.models
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("compliance", "0001_functions")]

    operations = [
        aftersales.kernel.migrating.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=80, verbose_name="name (Chinese)"),
                ),
                (
                    "region",
                    models.CharField(
                        blank=True,
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[A-Z]{2}\\Z", "A region is two capital letters, such as CN."
                            )
                        ],
                        verbose_name="region",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        max_length=64,
                        validators=[clocks.models.calendars.validate_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "frames",
                    models.JSONField(
                        validators=[clocks.frames.validate_week], verbose_name="open hours"
                    ),
                ),
                (
                    "works_on_holidays",
                    models.BooleanField(default=False, verbose_name="open on public holidays"),
                ),
                ("is_default", models.BooleanField(default=False, verbose_name="default")),
            ],
            options={
                "verbose_name": "calendar",
                "verbose_name_plural": "calendars",
                "ordering": ("name",),
                "default_permissions": ("view", "add", "change"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("is_default"),
                        condition=models.Q(("is_default", True)),
                        name="calendar_one_default",
                        violation_error_message="Another calendar is the default.",
                    )
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="CalendarYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "region",
                    models.CharField(
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[A-Z]{2}\\Z", "A region is two capital letters, such as CN."
                            )
                        ],
                        verbose_name="region",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "status",
                    models.CharField(
                        choices=[("provisional", "provisional"), ("official", "official")],
                        max_length=11,
                        verbose_name="status",
                    ),
                ),
                ("source_notice", models.CharField(max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "calendar year",
                "verbose_name_plural": "calendar years",
                "ordering": ("region", "year"),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("region", "year"), name="calendar_year_once"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["provisional", "official"])),
                        name="calendar_year_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source_notice", ""), _negated=True),
                        name="calendar_year_has_source",
                        violation_error_message="Name the notice the days were taken from.",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="CalendarDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "region",
                    models.CharField(
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[A-Z]{2}\\Z", "A region is two capital letters, such as CN."
                            )
                        ],
                        verbose_name="region",
                    ),
                ),
                ("date", models.DateField(verbose_name="date")),
                ("is_workday", models.BooleanField(verbose_name="working day")),
                (
                    "is_statutory_holiday",
                    models.BooleanField(default=False, verbose_name="statutory holiday"),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=80, verbose_name="name (English)"),
                ),
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=80, verbose_name="name (Chinese)"),
                ),
                (
                    "calendar_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="clocks.calendaryear",
                        verbose_name="calendar year",
                    ),
                ),
            ],
            options={
                "verbose_name": "day",
                "verbose_name_plural": "days",
                "ordering": ("region", "date"),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("region", "date"), name="calendar_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_workday", False), ("is_statutory_holiday", False), _connector="OR"
                        ),
                        name="calendar_day_holiday_is_free",
                        violation_error_message="A statutory holiday is no working day.",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="CalendarException",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(verbose_name="date")),
                (
                    "frames",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[clocks.frames.validate_frames],
                        verbose_name="open hours",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exceptions",
                        to="clocks.calendar",
                        verbose_name="calendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "exception",
                "verbose_name_plural": "exceptions",
                "ordering": ("date",),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("calendar", "date"),
                        name="calendar_exception_one_per_date",
                        violation_error_message="This date has an exception already.",
                    )
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalCalendar",
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
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=80, verbose_name="name (Chinese)"),
                ),
                (
                    "region",
                    models.CharField(
                        blank=True,
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[A-Z]{2}\\Z", "A region is two capital letters, such as CN."
                            )
                        ],
                        verbose_name="region",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        max_length=64,
                        validators=[clocks.models.calendars.validate_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "frames",
                    models.JSONField(
                        validators=[clocks.frames.validate_week], verbose_name="open hours"
                    ),
                ),
                (
                    "works_on_holidays",
                    models.BooleanField(default=False, verbose_name="open on public holidays"),
                ),
                ("is_default", models.BooleanField(default=False, verbose_name="default")),
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
                "verbose_name": "historical calendar",
                "verbose_name_plural": "historical calendars",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="clocks_hist_id_9cb39d_idx"),
                    models.Index(fields=["change_id"], name="clocks_hist_change__43fc90_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalCalendarDay",
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
                    "region",
                    models.CharField(
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[A-Z]{2}\\Z", "A region is two capital letters, such as CN."
                            )
                        ],
                        verbose_name="region",
                    ),
                ),
                ("date", models.DateField(verbose_name="date")),
                ("is_workday", models.BooleanField(verbose_name="working day")),
                (
                    "is_statutory_holiday",
                    models.BooleanField(default=False, verbose_name="statutory holiday"),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=80, verbose_name="name (English)"),
                ),
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=80, verbose_name="name (Chinese)"),
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
                    "calendar_year",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="clocks.calendaryear",
                        verbose_name="calendar year",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical day",
                "verbose_name_plural": "historical days",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="clocks_hist_id_ee83de_idx"),
                    models.Index(fields=["change_id"], name="clocks_hist_change__a50101_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalCalendarException",
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
                ("date", models.DateField(verbose_name="date")),
                (
                    "frames",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[clocks.frames.validate_frames],
                        verbose_name="open hours",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
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
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="clocks.calendar",
                        verbose_name="calendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical exception",
                "verbose_name_plural": "historical exceptions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="clocks_hist_id_fe0f6d_idx"),
                    models.Index(fields=["change_id"], name="clocks_hist_change__32fc63_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalCalendarYear",
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
                    "region",
                    models.CharField(
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "[A-Z]{2}\\Z", "A region is two capital letters, such as CN."
                            )
                        ],
                        verbose_name="region",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "status",
                    models.CharField(
                        choices=[("provisional", "provisional"), ("official", "official")],
                        max_length=11,
                        verbose_name="status",
                    ),
                ),
                ("source_notice", models.CharField(max_length=200, verbose_name="source")),
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
                "verbose_name": "historical calendar year",
                "verbose_name_plural": "historical calendar years",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="clocks_hist_id_55abb7_idx"),
                    models.Index(fields=["change_id"], name="clocks_hist_change__60b11d_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="calendar",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="eef284ff775d7706d7ef225f6e671f0a1f194e68",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_d11f8",
                    table="clocks_calendar",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="calendarday",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="9791f5c03f5ba4cdfb6bcfef374e86fb71c14383",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_f7e80",
                    table="clocks_calendarday",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="calendarexception",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="44d0b26c1eb17881211563d9af2064468b12d4b1",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_09f36",
                    table="clocks_calendarexception",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="calendaryear",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="3bf56b5f55ccb72b79e224853508005e32fe2ec4",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_08aab",
                    table="clocks_calendaryear",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalcalendar",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="c15ff65d1b36b817456038969f1361c2f41cf38a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_110ff",
                    table="clocks_historicalcalendar",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalcalendarday",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="7aed57279e95606cc356385347d95b79749fd488",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3d734",
                    table="clocks_historicalcalendarday",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalcalendarexception",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="dbc6b9abf041d5b7b693921c9b22614579370c02",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_65390",
                    table="clocks_historicalcalendarexception",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalcalendaryear",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="87f4d594eb77150aa39915747a45466598323927",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1815e",
                    table="clocks_historicalcalendaryear",
                    when="BEFORE",
                ),
            ),
        ),
    ]
