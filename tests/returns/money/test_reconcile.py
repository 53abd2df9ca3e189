"""A statement with every kind of difference: each is found and becomes somebody's work."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent
from returns.models import LedgerEntry, ReconciliationItem, Refund, Statement
from returns.money_statuses import RefundStatus as S
from returns.services.money.differences import resolve_item
from returns.statement_file import read_statement
from staff.models import User
from staff.roles import Role
from tests.factories.money import make_payment, make_refund_in
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

HEADER = "number,payment,reference,amount,currency,result,happened_at\n"


@pytest.fixture
def finance() -> User:
    return make_user(Role.FINANCE)


def line(refund: Refund | None = None, **values: str) -> str:
    told = {
        "number": refund.gateway_number if refund else "",
        "payment": "",
        "reference": f"BANK-{refund.pk}" if refund else "",
        "amount": str(refund.amount) if refund else "",
        "currency": "CNY",
        "result": "SUCCESS",
        "happened_at": now().isoformat(),
    } | values
    return ",".join(told.values()) + "\n"


def run(tmp_path: Path, *lines: str) -> dict[str, Any]:
    path = tmp_path / "bill.csv"
    path.write_text(HEADER + "".join(lines))
    out = StringIO()
    call_command("reconcile", str(path), "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_every_kind_of_difference_is_found_and_owned(
    tmp_path: Path, finance: User, nothing_broken: Callable[[], list[str]]
) -> None:
    agreed, missing, amount, currency, failed, unknown, twice = (
        make_refund_in(status) for status in (S.SUCCEEDED,) * 4 + (S.FAILED, S.UNKNOWN, S.SUCCEEDED)
    )
    over = make_payment("50.00")
    over.external_id = "P-OVER"
    over.save(update_fields=["external_id"])

    answer = run(
        tmp_path,
        *map(line, (agreed, failed, unknown, twice, twice)),
        line(amount, amount="99.00"),
        line(currency, currency="EUR"),
        line(None, number="CONSOLE-9", reference="X9", payment="P-OVER", amount="80.00"),
        line(None, number="BAD", reference="X", amount="1.005"),
    )

    found = sorted((one["kind"], one["about"]) for one in answer["differences"])
    assert found == sorted(
        [
            ("missing", missing.gateway_number),
            ("amount", amount.gateway_number),
            ("currency", currency.gateway_number),
            ("status", failed.gateway_number),
            ("unresolved", unknown.gateway_number),
            ("duplicate", twice.gateway_number),
            ("foreign", "CONSOLE-9"),
            ("overdrawn", f"payment {over.pk}"),
        ]
    )
    owners = User.objects.filter(username__in=[one["owner"] for one in answer["differences"]])
    assert all(Role.FINANCE in owner.roles for owner in owners)
    assert [one["row"] for one in answer["refused"]] == [10]
    assert (answer["movements"], answer["agreed"], answer["cleared"]) == (8, 3, 2)
    assert AuditEvent.objects.filter(code="returns.difference_opened").count() == 8
    assert nothing_broken() == []


def test_books_and_counters_that_differ_are_found(tmp_path: Path, finance: User) -> None:
    from django.db import connection  # noqa: PLC0415 -- only here

    refund = make_refund_in(S.SUCCEEDED)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ALTER TABLE customers_payment DISABLE TRIGGER desk_payment_changed")
        cursor.execute("UPDATE customers_payment SET refunded = 90")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    answer = run(tmp_path, line(refund))

    assert [one["kind"] for one in answer["differences"]] == ["books"]


def test_the_same_statement_twice_clears_once(tmp_path: Path, finance: User) -> None:
    refund = make_refund_in(S.SUCCEEDED)

    row = line(refund)

    first, second = run(tmp_path, row), run(tmp_path, row)

    assert (first["cleared"], second["cleared"]) == (1, 0)
    entries = LedgerEntry.objects.filter(refund=refund, step="clear")
    assert sorted(entries.values_list("account", "amount")) == [
        ("cash", Decimal("100.00")),
        ("gateway_clearing", Decimal("-100.00")),
    ]
    assert Statement.objects.count() == 1


def test_open_item_is_one_however_often_it_is_found(tmp_path: Path, finance: User) -> None:
    row = line(None, number="CONSOLE-1", reference="X1", amount="5.00")

    first, second = run(tmp_path, row), run(tmp_path, row)

    assert first["differences"][0]["item"] == second["differences"][0]["item"]
    assert ReconciliationItem.objects.count() == 1


def test_a_month_that_repeats_its_days_is_no_second_payment(tmp_path: Path, finance: User) -> None:
    first, second = make_refund_in(S.SUCCEEDED), make_refund_in(S.SUCCEEDED)
    day, other = line(first), line(second)

    run(tmp_path, day)
    month = run(tmp_path, day, other)

    assert month["differences"] == []
    assert Statement.objects.count() == 2


def test_another_movement_of_the_same_number_on_another_statement_is_a_second_payment(
    tmp_path: Path, finance: User
) -> None:
    refund = make_refund_in(S.SUCCEEDED)

    run(tmp_path, line(refund))
    answer = run(tmp_path, line(refund, reference="BANK-again"))

    assert [one["kind"] for one in answer["differences"]] == ["duplicate"]
    item = ReconciliationItem.objects.get()
    assert (item.key, item.ours, item.theirs) == (refund.gateway_number, "1", "2")


def test_what_left_over_two_statements_is_held_against_the_payment(
    tmp_path: Path, finance: User
) -> None:
    payment = make_payment("150.00")
    refund = make_refund_in(S.SUCCEEDED, payment=payment)

    run(tmp_path, line(refund))
    answer = run(tmp_path, line(refund, reference="BANK-again"))

    kinds = {one["kind"] for one in answer["differences"]}
    assert kinds == {"duplicate", "overdrawn"}
    item = ReconciliationItem.objects.get(kind="overdrawn")
    assert (item.ours, item.theirs) == ("150.00 CNY", "200.00 CNY")


def test_what_was_cleared_up_stays_so_until_a_side_says_something_else(
    tmp_path: Path, finance: User
) -> None:
    row = {"number": "CONSOLE-1", "reference": "X1", "happened_at": "2026-03-05T10:00:00+08:00"}
    run(tmp_path, line(None, amount="5.00", **row))
    item = ReconciliationItem.objects.get()
    resolve_item(item.pk, actor=finance, note="refunded in the console")

    run(tmp_path, line(None, amount="5.00", **row))
    assert ReconciliationItem.objects.count() == 1

    run(tmp_path, line(None, amount="6.00", **row))
    assert ReconciliationItem.objects.filter(status="open", theirs="6.00 CNY").count() == 1


def test_difference_is_resolved_by_finance_with_a_reason(tmp_path: Path, finance: User) -> None:
    run(tmp_path, line(None, number="CONSOLE-1", reference="X1", amount="5.00"))
    item = ReconciliationItem.objects.get()

    with pytest.raises(ReconciliationItem.DoesNotExist):
        resolve_item(item.pk, actor=make_user(Role.LEAD), note="was me")
    with pytest.raises(NotPermitted):
        resolve_item(item.pk, actor=make_user(Role.AUDITOR), note="was me")
    with pytest.raises(RuleViolated):
        resolve_item(item.pk, actor=finance, note=" ")
    resolve_item(item.pk, actor=finance, note="refunded in the console by the shop")
    with pytest.raises(InvalidTransition):
        resolve_item(item.pk, actor=finance, note="refunded in the console")

    item.refresh_from_db()
    assert (item.status, item.resolved_by) == ("resolved", finance)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\n1,2\n", "missing_columns"),
        (b"\xff\xfe\x00", "not_csv"),
        (b"", "missing_columns"),
    ],
)
def test_a_file_that_is_no_statement_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(RuleViolated) as refusal:
        read_statement(content)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            "1,,1.005,CNY,SUCCESS,2026-03-02",
            "amount: The amount has more decimals than the currency.",
        ),
        ("1,,x,CNY,SUCCESS,2026-03-02", "amount: Not an amount."),
        ("1,,1,XXX,SUCCESS,2026-03-02", "currency: Unknown currency."),
        ("1,,1,CNY,SUCCESS,yesterday", "happened_at: Not a date and time (ISO 8601)."),
        ("1,,1,CNY,SUCCESS,2026-03-02T25:00", "happened_at: Not a date and time (ISO 8601)."),
        ("1,,1,CNY,SUCCESS,", "Number, result and time are needed."),
        (",,1,CNY,SUCCESS,2026-03-02T10:00", "Number, result and time are needed."),
        (f"{'1' * 41},,1,CNY,SUCCESS,2026-03-02T10:00", "number: At most 40 characters."),
    ],
)
def test_refused_row_names_the_field_and_what_is_wrong(row: str, problem: str) -> None:
    content = f"number,reference,amount,currency,result,happened_at\n{row}\n"

    (refused,) = read_statement(content.encode()).refused

    assert (refused.row, refused.problem) == (2, problem)


def test_command_says_what_is_wrong_with_the_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("reconcile", str(tmp_path / "none.csv"))
    empty = tmp_path / "empty.csv"
    empty.write_text(HEADER)
    with pytest.raises(CommandError):
        call_command("reconcile", str(empty))
    assert not Statement.objects.exists()
