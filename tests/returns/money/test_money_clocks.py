"""Promises about money: an approval runs out, a difference does not lie about."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils.translation import override

from aftersales.kernel.refs import MARK, label_of
from clocks.models import Clock
from clocks.sweep import sweep_due
from compliance.models import Finding
from returns.money_choices import ItemKind
from returns.services.money import approving, requesting
from returns.services.money.differences import open_item, resolve_item
from staff.models import Notice
from staff.roles import Role
from staff.services import system_actor
from tests.factories.money import approve, make_money_lead, make_payment, make_refund, submit
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db

START = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
HOUR = timedelta(hours=1)


def clock_of(promise: str) -> Clock:
    return Clock.objects.filter(promise=promise).latest("id")


def test_approval_runs_from_submission_until_enough_people_agreed() -> None:
    agent = make_user()
    with time_machine.travel(START, tick=False) as at:
        payment = make_payment()
        ticket = make_ticket(agent, customer=payment.order.customer)
        due_before = ticket.due_at
        refund = make_refund(payment, agent, ticket=ticket)
        assert not Clock.objects.filter(promise="approval").exists()

        submit(refund)
        running = clock_of("approval")
        at.shift(5 * HOUR)
        approve(refund)

    kept = clock_of("approval")
    assert (running.state, running.due_at) == ("running", START + 72 * HOUR)
    assert (running.case_id, running.subject_id) == (ticket.pk, refund.pk)
    assert (kept.pk, kept.state, kept.stopped_at) == (running.pk, "met", START + 5 * HOUR)
    ticket.refresh_from_db()
    assert ticket.due_at == due_before, "the customer's promises are others"


def test_changed_and_declined_refunds_wait_for_nobody() -> None:
    changed, declined = make_refund(amount="20.00"), make_refund(amount="30.00")
    submit(changed)
    submit(declined)

    requesting.cancel_refund(changed.pk, actor=changed.requested_by, note="not needed")
    approving.decline_refund(declined.pk, actor=make_money_lead(), note="no proof")

    ended = Clock.objects.filter(promise="approval").order_by("id")
    assert [(one.subject_id, one.state) for one in ended] == [
        (changed.pk, "canceled"),
        (declined.pk, "canceled"),
    ]


def test_lead_hears_of_an_approval_before_it_expires() -> None:
    agent, lead = make_user(), make_user(Role.LEAD)
    with time_machine.travel(START, tick=False) as at:
        refund = make_refund(actor=agent)
        submit(refund)
        at.shift(36 * HOUR)

        sweep_due(actor=system_actor())
        sweep_due(actor=system_actor())

    cause = f"clock:{clock_of('approval').pk}:"
    told = Notice.objects.filter(recipient=lead, source_key__startswith=cause)
    assert told.count() == 1


def test_difference_is_owed_until_it_is_resolved() -> None:
    finance = make_user(Role.FINANCE)
    refund = make_refund()
    with time_machine.travel(START, tick=False):
        item = open_item(ItemKind.MISSING, "R-1", actor=system_actor(), refund=refund)
        running = clock_of("difference")
        resolve_item(item.pk, actor=finance, note="bank paid it a day later")

    assert (running.state, running.due_at) == ("running", START + 72 * HOUR)
    assert clock_of("difference").state == "met"


def test_finding_calls_a_late_difference_in_both_languages() -> None:
    with time_machine.travel(START, tick=False) as at:
        item = open_item(ItemKind.MISSING, "R-1", actor=system_actor(), refund=make_refund())
        at.shift(72 * HOUR)
        sweep_due(actor=system_actor())

    finding = Finding.objects.get(subject_type="clocks.clock")
    named = label_of(item)
    assert (finding.subject_label, named.count(MARK)) == (named, 3)
    for language in ("zh-hans", "en"):
        with override(language):
            assert list(Finding.objects.called(str(item))) == [finding]
