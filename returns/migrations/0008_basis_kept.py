"""A refund stays with the sheet or the grant it rests on, also while it is a draft."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("returns.migrations.0006_credit_consent")
GUARD = BEFORE.with_consent(BEFORE.REPLACED)
IDENTITY = "    IF OLD.status <> 'draft'\n"
BASIS = """
    IF OLD.basis_type <> ''
        AND (NEW.basis_type, NEW.basis_key, NEW.basis_label, NEW.basis_digest, NEW.amount)
        IS DISTINCT FROM (OLD.basis_type, OLD.basis_key, OLD.basis_label, OLD.basis_digest,
            OLD.amount) THEN
        RAISE EXCEPTION 'refund % stays with what it rests on', OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
"""


def with_basis(guard: str) -> str:
    """The guard of refunds that also keeps the basis and its amount once there is one."""
    return guard.replace(IDENTITY, BASIS.lstrip("\n") + IDENTITY, 1)


class Migration(migrations.Migration):
    dependencies = [("returns", "0007_refund_of_unsent")]
    operations = [migrations.RunSQL(with_basis(GUARD), GUARD)]
