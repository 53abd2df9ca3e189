"""Statutory periods of returns start, stop and change with what happens (law.md 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from clocks.models import Clock, ClockRule
from returns.clock_rules import FORMALITIES, REFUNDS, REPAIRS, WINDOWS
from returns.models import ReturnAuthorization
from returns.services import inspecting, receiving, repairing
from returns.services.inspecting import Look
from returns.services.receiving import Receipt
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.returns import SIGNED_AT, make_address, make_return

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
GOOD = {"works": True, "complete": True, "labels": True}


def clock(rma: ReturnAuthorization, code: str) -> Clock:
    return Clock.objects.get(case_id=rma.ticket_id, rule__code=code)


def receive(rma: ReturnAuthorization, bench: User) -> None:
    item = rma.items.get()
    receiving.receive_items(rma.pk, [Receipt(item=item.pk, quantity=1)], actor=bench)


def test_every_legal_rule_ships_as_advice_with_basis_and_confidence() -> None:
    for spec in (*WINDOWS, *FORMALITIES, *REFUNDS, *REPAIRS):
        rule = ClockRule.objects.get(code=spec.code)
        assert (rule.mode, bool(rule.legal_basis), bool(rule.confidence)) == ("advice", True, True)


def test_cn_nrr_addr_is_met_by_telling_the_address_measures_11(lead: User) -> None:
    make_address()
    with time_machine.travel(SIGNED_AT, tick=False):
        rma = make_return(actor=lead)

    address, formalities = clock(rma, "cn-nrr-addr"), clock(rma, "cn-nrr-form-pen")
    assert (address.state, formalities.state) == ("met", "met")


def test_cn_nrr_addr_and_form_pen_run_while_nobody_decides(lead: User) -> None:
    with time_machine.travel(SIGNED_AT, tick=False):
        rma = make_return(actor=lead)

    assert clock(rma, "cn-nrr-addr").due_at == SIGNED_AT + DAY
    assert clock(rma, "cn-nrr-form-pen").due_at == datetime(2026, 10, 9, 16, tzinfo=UTC)


def test_cn_nrr_refund_runs_from_arrival_without_roll_over_measures_13(lead: User) -> None:
    """Received on 24 September: due by the end of 1 October, a holiday; fined after the 9th."""
    with time_machine.travel(SIGNED_AT, tick=False):
        rma = make_return(actor=lead)
        receive(rma, make_user(Role.WAREHOUSE))

    duty, fine = clock(rma, "cn-nrr-refund"), clock(rma, "cn-nrr-refund-pen")
    assert duty.due_at == datetime(2026, 10, 1, 16, tzinfo=UTC)
    assert fine.due_at == datetime(2026, 10, 9, 16, tzinfo=UTC)


def test_cn_nrr_refund_ends_when_nothing_is_owed(lead: User) -> None:
    with time_machine.travel(SIGNED_AT, tick=False):
        rma = make_return(actor=lead)
        item = rma.items.get()
        bench = make_user(Role.WAREHOUSE)
        short = Receipt(item=item.pk, quantity=1, status="short")
        receiving.receive_items(rma.pk, [short], actor=bench)
        inspecting.decide_missing(item.pk, actor=lead, is_owed=False, note="Empty box.")

    assert not Clock.objects.filter(case_id=rma.ticket_id, rule__code="cn-nrr-refund").exists()


def test_cn_q_remedy_pen_runs_from_the_request(lead: User) -> None:
    with time_machine.travel(SIGNED_AT, tick=False):
        rma = make_return(actor=lead, claim="defect")

    assert clock(rma, "cn-q-remedy-pen-return").due_at == datetime(2026, 10, 9, 16, tzinfo=UTC)


def test_cn_3b_rep30_becomes_part90_when_parts_are_missing_three_guarantees_12(
    lead: User,
) -> None:
    with time_machine.travel(SIGNED_AT, tick=False):
        rma = make_return(actor=lead, kind="repair", claim="defect")
        bench = make_user(Role.WAREHOUSE)
        receive(rma, bench)
        item = rma.items.get()
        found = Look(answers=GOOD, grade="used", disposition="refurbish", decision="accepted")
        inspecting.inspect_item(item.pk, found, actor=bench)
        repair = repairing.plan_repair(item.pk, actor=lead, vendor="Zhang's workshop")
        repairing.start_repair(repair.pk, actor=lead)
        thirty = clock(rma, "cn-3b-rep30").due_at
        repairing.wait_for_parts(repair.pk, actor=lead, note="Screen is on order.")

    assert thirty == datetime(2026, 10, 24, 16, tzinfo=UTC)
    running = Clock.objects.get(promise="law_repair")
    assert (running.rule.code, running.due_at) == (
        "cn-3b-part90",
        datetime(2026, 12, 23, 16, tzinfo=UTC),
    )
    with time_machine.travel(SIGNED_AT + 40 * DAY, tick=False):
        repairing.finish_repair(repair.pk, actor=lead, is_repaired=True, result="New screen.")
    running.refresh_from_db()
    assert running.state == "met"
