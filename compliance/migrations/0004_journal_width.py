"""Journal rows remember how many columns their table had, so that a column added later is no change.

Rows written before get the width their table has now; a migration that adds a column to an audited
table therefore depends on this one. The rewrite fires no trigger, and the table stays append-only.
"""

from importlib import import_module

from django.db import migrations, models

WIDTH = "(SELECT relnatts FROM pg_class WHERE oid = TG_RELID)"
BEFORE = import_module("compliance.migrations.0001_functions").JOURNAL.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
JOURNAL = BEFORE.replace("db_user, recorded_at\n", "db_user, recorded_at, width\n").replace(
    "clock_timestamp()\n", f"clock_timestamp(),\n        {WIDTH}\n"
)
ADD = """
ALTER TABLE compliance_journalentry ADD COLUMN width smallint;
CREATE FUNCTION desk_width(name text) RETURNS smallint LANGUAGE sql STABLE AS
    $$ SELECT coalesce(max(relnatts), 0) FROM pg_class WHERE oid = to_regclass(quote_ident(name)) $$;
ALTER TABLE compliance_journalentry
    ALTER COLUMN width TYPE smallint USING desk_width(table_name),
    ALTER COLUMN width SET NOT NULL;
DROP FUNCTION desk_width(text);
"""
REMOVE = "ALTER TABLE compliance_journalentry DROP COLUMN width"


class Migration(migrations.Migration):
    dependencies = [("compliance", "0003_findings")]

    operations = [
        migrations.RunSQL(
            ADD,
            REMOVE,
            state_operations=[
                migrations.AddField(
                    "journalentry",
                    "width",
                    models.PositiveSmallIntegerField(default=0, verbose_name="columns of the table"),
                    preserve_default=False,
                ),
            ],
        ),
        migrations.RunSQL(JOURNAL, BEFORE),
    ]
