"""A decision is not older than the request it answers: a clock set back does not backdate it."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("returns.migrations.0002_money_functions").APPROVAL.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
# Clocks of two machines may differ a little.
AFTER = BEFORE.replace(
    "r.status, f.requested_by_id INTO", "r.status, r.requested_at, f.requested_by_id INTO"
).replace(
    "    RETURN NEW;",
    """    IF NEW.decided_at < asked.requested_at - interval '2 minutes' THEN
        RAISE EXCEPTION 'a decision is not older than the request'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;""",
)


class Migration(migrations.Migration):
    dependencies = [("returns", "0009_refund_has_basis")]
    operations = [migrations.RunSQL(AFTER, BEFORE)]
