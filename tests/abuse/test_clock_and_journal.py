"""Abuse cases 87 to 90 of reference/reliability.md section 9: the clock, the journal, backups."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated
from compliance import anchors
from compliance.models import AuditEvent, JournalEntry
from returns.models import Approval, ApprovalRequest, Refund
from returns.money_statuses import ApprovalStatus, RefundStatus
from returns.services.money import approving
from returns.sweeps_money import expire_approvals
from tests.compliance.trail import last_entry, sql, unguarded
from tests.factories.money import make_money_lead, make_payment, make_refund, submit
from tests.factories.people import make_department
from tests.tickets.portal_page import footprint

pytestmark = pytest.mark.django_db
VERBS = {
    "approve": lambda refund, lead: approving.approve_refund(refund.pk, actor=lead),
    "decline": lambda refund, lead: approving.decline_refund(refund.pk, actor=lead, note="too old"),
    "ask back": lambda refund, lead: approving.ask_back(refund.pk, actor=lead, note="which one?"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_abuse_89_decision_is_not_dated_before_its_request(verb: str) -> None:
    lead, refund = make_money_lead(), submit(make_refund())
    before = footprint()

    with (
        time_machine.travel(now() - timedelta(minutes=3), tick=False),
        pytest.raises(RuleViolated) as refusal,
    ):
        VERBS[verb](refund, lead)

    assert refusal.value.code == "clock_behind"
    assert footprint() == before
    assert not Approval.objects.exists()
    assert Refund.objects.get(pk=refund.pk).status == RefundStatus.SUBMITTED
    with time_machine.travel(now() - timedelta(minutes=1), tick=False):
        VERBS[verb](refund, lead)
    assert Approval.objects.count() == 1


def test_abuse_89_database_refuses_a_decision_dated_before_its_request() -> None:
    lead, refund = make_money_lead(), submit(make_refund())
    request = ApprovalRequest.objects.get()
    told: dict[str, Any] = {
        "request": request,
        "refund": refund,
        "decision": "approve",
        "digest": request.digest,
        "decided_by": lead,
        "principal": lead,
    }

    with pytest.raises(IntegrityError, match="not older than the request"), transaction.atomic():
        Approval(**told, decided_at=request.requested_at - timedelta(hours=1)).save()

    assert not Approval.objects.exists()


def test_abuse_89_clock_set_back_revives_no_approval_that_expired() -> None:
    lead, refund = make_money_lead(), submit(make_refund())
    with time_machine.travel(now() + timedelta(days=8), tick=False):
        assert expire_approvals() == 1

    with pytest.raises(InvalidTransition):
        approving.approve_refund(refund.pk, actor=lead)

    assert ApprovalRequest.objects.get().status == ApprovalStatus.EXPIRED
    assert not Approval.objects.exists()


def test_abuse_89_journal_keeps_the_time_of_the_database() -> None:
    with connection.cursor() as db:
        db.execute("SELECT clock_timestamp()")
        (began,) = db.fetchone()

    with time_machine.travel(now() - timedelta(days=300), tick=False):
        make_refund()

    assert AuditEvent.objects.latest("pk").recorded_at < began
    assert JournalEntry.objects.latest("pk").recorded_at > began


def test_abuse_88_gateway_never_sees_a_number_of_before_the_restore_again() -> None:
    """An older backup draws its numbers again; to a gateway a known number is a known refund."""
    payment = make_payment()
    with transaction.atomic():
        lost = make_refund(payment)
        transaction.set_rollback(True)
    sql("SELECT setval('desk_refund_number', %s, false)", int(lost.number.removeprefix("R-")))

    again = make_refund(payment)

    assert again.number == lost.number
    assert again.gateway_number != lost.gateway_number


def check(*noted: str) -> dict[str, Any]:
    out = StringIO()
    with suppress(SystemExit):
        call_command("check_history", json=True, anchor=list(noted), stdout=out)
    return dict(json.loads(out.getvalue()))


def kinds(result: dict[str, Any]) -> list[str]:
    return [one["kind"] for one in result["discrepancies"]]


def cut_the_end(after: int) -> None:
    """As the owner of the database could: journal, history and rows go together."""
    for table, rows in (
        ("compliance_journalentry", "id > %s"),
        ("staff_historicaldepartment", "code = 'late' AND %s > 0"),
        ("staff_department", "code = 'late' AND %s > 0"),
    ):
        with unguarded(table):
            sql(f"DELETE FROM {table} WHERE {rows}", after)


def rewrite(last: int) -> None:
    with unguarded("compliance_journalentry"):
        sql("UPDATE compliance_journalentry SET db_user = 'nobody' WHERE id = %s", last)


def keep_on_working(_last: int) -> None:
    make_department("later")


@pytest.mark.parametrize(
    ("act", "found"),
    [
        (keep_on_working, []),
        (rewrite, ["journal_rewritten"]),
        (lambda last: cut_the_end(last - 1), ["journal_cut"]),
    ],
    ids=["work", "rewritten", "cut"],
)
def test_abuse_87_88_anchor_kept_elsewhere_tells_of_a_journal_cut_off_or_rolled_back(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[int], None], found: list[str]
) -> None:
    """A backup that is older than the anchor looks like a journal that was cut off."""
    monkeypatch.setattr(anchors, "SETTLED_SECONDS", 0)
    make_department("early")
    make_department("late")
    noted = check()["anchor"]

    act(int(noted.partition("-")[0]))

    assert kinds(check()) == []  # rows, journal and history agree
    assert kinds(check(noted)) == found
    assert check(noted)["ok"] == (not found)


def test_abuse_87_rows_of_open_transactions_are_left_to_the_next_anchor() -> None:
    young = last_entry(make_department("young"))

    assert anchors.journal_anchor().last < young.pk
    assert kinds(check(check()["anchor"])) == []


@pytest.mark.parametrize("text", ["", "1-2-3", "x", f"1-2-{'0' * 63}g", f"\u0661-1-{'0' * 64}"])
def test_text_that_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match="is no anchor"):
        call_command("check_history", anchor=[text], stdout=StringIO())


def test_anchor_is_printed_for_people() -> None:
    out = StringIO()

    call_command("check_history", stdout=out)

    last = out.getvalue().splitlines()[-1]
    assert last.startswith("Anchor, to be kept elsewhere: ")
    assert anchors.read_anchor(last.rpartition(" ")[2]) == anchors.journal_anchor()
