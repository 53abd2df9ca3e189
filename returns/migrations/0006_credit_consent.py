"""Store credit needs the customer's express consent; older rows say that none was recorded."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = import_module("returns.migrations.0002_money_functions").REFUND
REPLACED = GUARD.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
CONSENT = ("consent", "consent_message_id", "consent_proposal_id", "consented_at")


def with_consent(guard: str) -> str:
    """The guard of refunds that also keeps the consent once the refund was submitted."""
    for row in ("NEW", "OLD"):
        columns = ", ".join(f"{row}.{column}" for column in CONSENT)
        guard = guard.replace(f"{row}.parcel)", f"{row}.parcel, {columns})")
    return guard


def not_recorded(table: str) -> str:
    """Rewriting the column fires no triggers: rows that are final take the words as well."""
    return (
        f"ALTER TABLE {table} ALTER COLUMN consent TYPE varchar(300) "
        "USING CASE WHEN means = 'store_credit' THEN 'not recorded' ELSE consent END"
    )


def fields(**options):
    """The four columns; those of history know no constraints."""
    return {
        "consent": models.CharField("customer's consent", max_length=300, blank=True, default=""),
        "consent_message": models.ForeignKey(
            "tickets.message",
            null=True,
            blank=True,
            related_name="+",
            verbose_name="message of consent",
            **options,
        ),
        "consent_proposal": models.ForeignKey(
            "tickets.proposal",
            null=True,
            blank=True,
            related_name="+",
            verbose_name="proposal accepted",
            **options,
        ),
        "consented_at": models.DateTimeField("customer agreed", null=True, blank=True),
    }


OF_HISTORY = {
    "on_delete": django.db.models.deletion.DO_NOTHING,
    "db_constraint": False,
    "db_index": False,
}
OF_REFUND = {"on_delete": django.db.models.deletion.PROTECT}


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0004_journal_width"),
        ("customers", "0002_discount_steps"),
        ("returns", "0005_discount_line"),
        ("tickets", "0004_mail_to_outsiders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.AddField(model, name, field)
            for model, options in (("historicalrefund", OF_HISTORY), ("refund", OF_REFUND))
            for name, field in fields(**options).items()
        ),
        *(
            migrations.RunSQL(not_recorded(table), migrations.RunSQL.noop)
            for table in ("returns_historicalrefund", "returns_refund")
        ),
        *(
            migrations.AlterField(
                model,
                "category",
                models.CharField("category of goods", max_length=80, blank=True),
            )
            for model in ("historicalreturnpolicy", "returnpolicy")
        ),
        migrations.RunSQL(with_consent(REPLACED), REPLACED),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("means", "store_credit"),
                        models.Q(
                            models.Q(("consent", ""), _negated=True),
                            ("consent_message__isnull", False),
                            ("consent_proposal__isnull", False),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        models.Q(("means", "store_credit"), _negated=True),
                        ("consent", ""),
                        ("consent_message", None),
                        ("consent_proposal", None),
                        ("consented_at", None),
                    ),
                    _connector="OR",
                ),
                name="refund_credit_has_consent",
            ),
        ),
    ]
