"""Books that must agree when a transaction ends, and the tiers every desk starts with.

Deferred constraint triggers: within a transaction counters and entries are written one after the
other, at its end they are equal or nothing of it happened.
"""

from decimal import Decimal

from django.db import migrations
from django.utils import timezone

from aftersales.kernel.context import current
from aftersales.kernel.journal import signed_in_bulk

FUNCTIONS = """
CREATE FUNCTION desk_payment_counters(which bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    counted record;
    booked record;
BEGIN
    SELECT reserved, refunded, currency INTO counted FROM customers_payment WHERE id = which;
    SELECT coalesce(sum(amount) FILTER (WHERE account = 'reservation'), 0) AS reserved,
        coalesce(-sum(amount) FILTER (
            WHERE account IN ('reservation', 'customer_liability')), 0) AS refunded,
        count(*) FILTER (WHERE currency <> counted.currency) AS foreign_count
    INTO booked FROM returns_ledgerentry WHERE payment_id = which;
    IF counted.reserved <> booked.reserved OR counted.refunded <> booked.refunded
        OR booked.foreign_count > 0 THEN
        RAISE EXCEPTION 'payment %: counters % and % are not the ledger''s % and %', which,
            counted.reserved, counted.refunded, booked.reserved, booked.refunded
            USING ERRCODE = 'check_violation';
    END IF;
END $$;

CREATE FUNCTION desk_store_credit_balance(which bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    counted numeric;
    booked numeric;
BEGIN
    SELECT balance INTO counted FROM returns_storecredit WHERE id = which;
    SELECT coalesce(sum(amount), 0) INTO booked FROM returns_ledgerentry
    WHERE store_credit_id = which AND account = 'store_credit';
    IF counted <> booked THEN
        RAISE EXCEPTION 'store credit %: balance % is not the ledger''s %', which, counted, booked
            USING ERRCODE = 'check_violation';
    END IF;
END $$;

CREATE FUNCTION desk_ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) <> 0 OR count(DISTINCT currency) > 1
        FROM returns_ledgerentry WHERE set_id = NEW.set_id) THEN
        RAISE EXCEPTION 'booking % does not add up to zero', NEW.set_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.payment_id IS NOT NULL THEN
        PERFORM desk_payment_counters(NEW.payment_id);
    END IF;
    IF NEW.store_credit_id IS NOT NULL THEN
        PERFORM desk_store_credit_balance(NEW.store_credit_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION desk_payment_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM desk_payment_counters(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION desk_store_credit_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM desk_store_credit_balance(NEW.id);
    RETURN NULL;
END $$;
"""
TRIGGERS = (
    ("returns_ledgerentry", "desk_ledger_balanced", "INSERT", "", "desk_ledger_balanced"),
    (
        "customers_payment",
        "desk_payment_new",
        "INSERT",
        "WHEN (NEW.reserved <> 0 OR NEW.refunded <> 0)",
        "desk_payment_counted",
    ),
    (
        "customers_payment",
        "desk_payment_changed",
        "UPDATE",
        "WHEN ((OLD.reserved, OLD.refunded, OLD.currency)"
        " IS DISTINCT FROM (NEW.reserved, NEW.refunded, NEW.currency))",
        "desk_payment_counted",
    ),
    (
        "returns_storecredit",
        "desk_store_credit_new",
        "INSERT",
        "WHEN (NEW.balance <> 0)",
        "desk_store_credit_counted",
    ),
    (
        "returns_storecredit",
        "desk_store_credit_changed",
        "UPDATE",
        "WHEN (OLD.balance IS DISTINCT FROM NEW.balance)",
        "desk_store_credit_counted",
    ),
)
CREATE = """
CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {when} EXECUTE FUNCTION {function}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
"""
DROP = "DROP TRIGGER {name} ON {table};"

REASON = "Approval tiers every desk starts with"
# (level, English, Chinese, kind, risk, amount, order's total, customer's 30 days, agent's 30 days,
#  people, password); sums in yuan.
TIERS = (
    (1, "One lead", "一名主管", "", "", 0, None, None, None, 1, False),
    (2, "One lead, password", "一名主管并验证密码", "", "", 500, 1000, 2000, 20000, 1, True),
    (2, "Needs a look", "风险提示", "", "raised", 0, None, None, None, 1, True),
    (3, "Two leads", "两名主管", "", "", 5000, 5000, 8000, 100000, 2, True),
    (3, "Compensation", "现金补偿", "compensation", "", 200, 400, 600, None, 2, True),
    (4, "Statutory damages", "法定赔偿", "statutory_damages", "", 0, None, None, None, 2, True),
)
# Round sums in other currencies, not rates of exchange.
SCALES = {"CNY": "1", "HKD": "1", "EUR": "0.1", "USD": "0.1", "GBP": "0.1", "JPY": "20"}
COLUMNS = ("amount_from", "order_total_from", "customer_total_from", "agent_total_from")


def rows():
    for currency, scale in SCALES.items():
        for level, name, name_zh, kind, risk, *sums, people, password in TIERS:
            yield {
                "level": level,
                "name": name,
                "name_zh": name_zh,
                "currency": currency,
                "kind": kind,
                "risk": risk,
                "role": "lead",
                "approver_count": people,
                "asks_password": password,
                **{
                    column: None if value is None else (Decimal(value) * Decimal(scale))
                    for column, value in zip(COLUMNS, sums, strict=True)
                },
            }


def add_tiers(apps, schema_editor):
    tier_model = apps.get_model("returns", "ApprovalTier")
    history_model = apps.get_model("returns", "HistoricalApprovalTier")
    with signed_in_bulk(REASON):
        for values in rows():
            tier = tier_model.objects.create(**values)
            history_model.objects.create(
                id=tier.pk,
                reason=tier.reason,
                is_active=tier.is_active,
                history_date=timezone.now(),
                history_type="+",
                history_change_reason=REASON,
                actor_name=current().actor_name,
                source="shell",
                **values,
            )


class Migration(migrations.Migration):
    dependencies = [("returns", "0003_money")]
    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION desk_ledger_balanced(); DROP FUNCTION desk_payment_counted();"
            "DROP FUNCTION desk_store_credit_counted();"
            "DROP FUNCTION desk_payment_counters(bigint);"
            "DROP FUNCTION desk_store_credit_balance(bigint);",
        ),
        *(
            migrations.RunSQL(
                CREATE.format(table=table, name=name, event=event, when=when, function=function),
                DROP.format(table=table, name=name),
            )
            for table, name, event, when, function in TRIGGERS
        ),
        migrations.RunPython(add_tiers, migrations.RunPython.noop),
    ]
