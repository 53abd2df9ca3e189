"""Abuse cases 87 to 90 of reference/reliability.md section 9: the clock, the journal, backups."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated
from compliance.models import AuditEvent, JournalEntry
from returns.models import Approval, ApprovalRequest, Refund
from returns.money_statuses import ApprovalStatus, RefundStatus
from returns.services.money import approving
from returns.sweeps_money import expire_approvals
from tests.factories.money import make_money_lead, make_refund, submit
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
