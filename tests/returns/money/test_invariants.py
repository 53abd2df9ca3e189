"""``check_money`` passes on a desk at work and names each invariant somebody breaks by SQL."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from returns.money_statuses import RefundStatus as S
from returns.queries.money_checks import TITLES, check_money
from returns.services.money import approving
from returns.services.money.approving import Voice
from tests.factories.gateway import sandbox_gateway
from tests.factories.money import (
    fresh,
    make_money_lead,
    make_payment,
    make_refund,
    make_refund_in,
    submit,
)
from tests.returns.money.test_abuse import delegate_to

pytestmark = pytest.mark.django_db

TABLES = (
    "customers_payment",
    "returns_refund",
    "returns_refundattempt",
    "returns_refundtouch",
    "returns_ledgerentry",
    "returns_approval",
    "returns_approvalrequest",
    "returns_storecredit",
    "returns_statementline",
    "returns_statement",
    "returns_historicalrefund",
)
# invariant → what somebody with all rights and all guards off would write
BREAKS = {
    "I1": "UPDATE customers_payment SET reserved = captured + 1",
    "I2": "UPDATE customers_payment SET refunded = refunded + 1",
    "I2c": "UPDATE returns_storecredit SET balance = balance + 1",
    "I3": "UPDATE returns_ledgerentry SET amount = amount + 1 WHERE step = 'reserve' "
    "AND account = 'reservation'",
    "I4": "UPDATE returns_refund SET gateway_number = 'R-other'",
    "I5": "UPDATE returns_ledgerentry SET step = 'reserve' WHERE step = 'settle'",
    "I6": "UPDATE returns_refund SET reason = 'goodwill' WHERE status = 'succeeded'",
    "I7": "UPDATE returns_refundattempt SET result = 'unknown' WHERE result = 'failed'",
    "I8": "UPDATE returns_refund SET status = 'failed' WHERE status = 'submitted'",
    "I9": "UPDATE returns_refund SET status = 'draft' WHERE status = 'succeeded'",
    "I10": "UPDATE returns_refund SET sent_at = now() - interval '73 hours' "
    "WHERE status = 'unknown'",
    "I11": "UPDATE returns_refund SET currency = 'EUR'",
    "I12": "INSERT INTO returns_statementline (statement_id, row, gateway_number, reference, "
    "amount, currency, result, happened_at) SELECT id, 99, 'FOREIGN', 'X', 1, 'CNY', "
    "'SUCCESS', now() FROM returns_statement",
    "I13": "INSERT INTO returns_refundtouch (refund_id, user_id, what, touched_at) "
    "SELECT refund_id, decided_by_id, 'amount', decided_at FROM returns_approval",
    "I14": "UPDATE returns_approvalrequest SET needed_count = 3 WHERE status = 'granted'",
    "I15": "UPDATE returns_approvalrequest SET totals = jsonb_set(totals, '{order}', '\"9000\"')",
    "I16": "UPDATE staff_delegation SET ends_at = starts_at + interval '1 second'",
    "I17": "UPDATE returns_approvalrequest SET expires_at = now() - interval '9 days'",
    "I18": "UPDATE returns_approvalrequest SET status = 'void', decided_at = now() "
    "WHERE status = 'open'",
    "GUARDS": "ALTER TABLE returns_ledgerentry DISABLE TRIGGER desk_ledger_balanced",
}


@pytest.fixture(scope="module")
def desk(told_once: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """One of everything: each status, store credit, a delegated approval, a statement."""
    with sandbox_gateway(tmp_path_factory.mktemp("gateway")):
        tell_everything()


def tell_everything() -> None:
    from returns.services.money.reconciling import reconcile  # noqa: PLC0415 -- only here
    from returns.statement_file import read_statement  # noqa: PLC0415 -- only here
    from staff.services import system_actor  # noqa: PLC0415 -- only here

    for status in S:
        make_refund_in(status)
    make_refund_in(S.SUCCEEDED, means="store_credit")
    giver, deputy = make_money_lead(), make_money_lead()
    delegate_to(giver, deputy)
    refund = submit(make_refund(make_payment()))
    voice = Voice(principal=giver, reauthenticated_at=fresh().reauthenticated_at)
    approving.approve_refund(refund.pk, actor=deputy, voice=voice)
    paid = make_refund_in(S.SUCCEEDED)
    bill = (
        "number,reference,amount,currency,result,happened_at\n"
        f"{paid.gateway_number},B,100.00,CNY,SUCCESS,{paid.settled_at:%Y-%m-%dT%H:%M:%SZ}\n"
    )
    reconcile(
        read_statement(bill.encode()), actor=system_actor(), gateway="sandbox", file_name="b.csv"
    )


def break_it(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if "DISABLE TRIGGER" not in sql:
            for table in (*TABLES, "staff_delegation"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE customers_payment DROP CONSTRAINT payment_never_overdrawn")
        cursor.execute(
            "SELECT conrelid::regclass, conname FROM pg_constraint "
            "WHERE conname LIKE 'refund_%' AND contype = 'c'"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(
            "ALTER TABLE returns_refund DROP CONSTRAINT returns_refund_gateway_number_key"
        )
        cursor.execute("DROP INDEX approval_one_live")
        cursor.execute(sql)


def test_every_invariant_has_a_way_to_be_broken() -> None:
    assert set(BREAKS) == set(TITLES)


def test_a_desk_at_work_breaks_nothing(desk: None) -> None:
    out = StringIO()

    call_command("check_money", "--json", stdout=out)

    assert json.loads(out.getvalue()) == {"ok": True, "checked": len(TITLES), "broken": []}


@pytest.mark.parametrize("code", list(BREAKS))
def test_check_money_names_what_was_broken(code: str, desk: None) -> None:
    break_it(BREAKS[code])

    broken = {check.code for check in check_money() if check.broken}

    assert code in broken


def test_command_leaves_with_one_and_the_rows(desk: None) -> None:
    break_it(BREAKS["I2"])
    out = StringIO()

    with pytest.raises(SystemExit) as leaving:
        call_command("check_money", stdout=out)

    assert leaving.value.code == 1
    assert "customers_payment" in out.getvalue()
