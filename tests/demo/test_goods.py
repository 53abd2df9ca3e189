"""Goods and money of the demo: every path is there, and the books are right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db.models import Count, Exists, F, OuterRef

from aftersales.demo.goods import PATHS
from clocks.checks import deviations
from clocks.models import Clock
from compliance.integrity import find_discrepancies
from compliance.models import AuditEvent
from returns import models
from returns.gateways.sandbox.ledger import Ledger
from returns.queries.money_checks import check_money
from returns.statuses import RepairStatus, ReturnStatus
from staff.models import Delegation, User
from tests.factories.money import ensure_tiers
from tickets.models import OutboundMail, Ticket

# The real day: some invariants ask the database's own clock.
TODAY = datetime.now(UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> Iterator[str]:
    """The told desk, at the moment it was told; yields what the command said."""
    settings.DATA_DIR = tmp_path
    said = StringIO()
    with time_machine.travel(TODAY, tick=False):
        with django_capture_on_commit_callbacks(execute=True):
            ensure_tiers()
            call_command("seed_demo", cases=4, seed=5, stdout=said)
        yield said.getvalue()


def counts(model: Any, *fields: str) -> dict[Any, int]:
    rows = model.objects.order_by().values_list(*fields).annotate(n=Count("pk"))
    return {row[0] if len(fields) == 1 else row[:-1]: row[-1] for row in rows}


def assert_mails_left_when_they_were_due() -> None:
    told = OutboundMail.objects.filter(ticket__returns__isnull=False)
    late = told.filter(sent_at__gt=F("send_after") + timedelta(minutes=1))
    assert told.filter(status="sent").count() > 50
    assert not late.exists()
    assert not OutboundMail.objects.filter(status="queued", send_after__lt=TODAY).exists()
    events = AuditEvent.objects.filter(code="tickets.mail_sent", recorded_at__gte=TODAY)
    assert not events.exists()


def test_goods_and_money_stand_everywhere_and_are_right(told: str, tmp_path: Path) -> None:
    assert re.search(r"\b4 in [\d.]+ s \(\d+ cases/s\)", told)
    assert re.search(rf"\b{PATHS} in [\d.]+ s", told)
    assert_goods_stand_everywhere()
    assert_money_stands_everywhere()
    assert [(check.code, check.broken) for check in check_money() if check.broken] == []
    assert list(find_discrepancies()) == []
    assert list(deviations()) == []
    assert not Clock.objects.with_step_due(TODAY).exists()
    assert_mails_left_when_they_were_due()
    assert_a_discount_was_settled_anew()
    assert_books_agree(tmp_path)
    assert_inboxes_are_full_and_calm()


def assert_goods_stand_everywhere() -> None:
    assert set(counts(models.ReturnAuthorization, "status")) == set(ReturnStatus.values)
    assert set(counts(models.ReturnAuthorization, "kind")) == {
        "return_and_refund",
        "refund_only",
        "exchange",
        "repair",
        "reship",
    }
    assert set(counts(models.Repair, "status")) == {
        RepairStatus.QUOTED,
        RepairStatus.IN_REPAIR,
        RepairStatus.REPAIRED,
    }
    assert set(counts(models.ReturnItem, "reception_status")) >= {
        "awaited", "in_transit", "received", "short", "wrong_item", "lost", "waived",
    }  # fmt: skip


def assert_money_stands_everywhere() -> None:
    assert set(counts(models.Refund, "status", "gateway")) >= {
        ("draft", "sandbox"),
        ("submitted", "sandbox"),
        ("approved", "sandbox"),
        ("sending", "manual"),
        ("unknown", "sandbox"),
        ("succeeded", "sandbox"),
        ("succeeded", "manual"),
        ("succeeded", "books"),
        ("succeeded", "outside"),
        ("failed", "sandbox"),
        ("failed", "manual"),
        ("declined", "sandbox"),
        ("canceled", "sandbox"),
    }
    assert set(counts(models.ApprovalRequest, "status")) == {
        "open", "granted", "declined", "asked_back", "void", "expired",
    }  # fmt: skip
    assert counts(models.GuardHold, "status") == {"held": 2}
    assert counts(models.ReconciliationItem, "kind", "status") == {
        ("foreign", "open"): 1,
        ("foreign", "resolved"): 1,
        ("unresolved", "open"): 1,
    }
    assert set(counts(models.CompensationGrant, "compensation__means")) == {
        "cash", "coupon", "points",
    }  # fmt: skip
    assert models.StoreCredit.objects.get().balance == Decimal("25.00")
    assert models.Approval.objects.exclude(delegation=None).count() == 1
    assert Delegation.objects.valid(TODAY).count() == 1


def assert_a_discount_was_settled_anew() -> None:
    """One of three articles came back; what is kept earns the lower step (办法 17)."""
    line = models.ReimbursementLine.objects.get(kind="discount")
    assert line.reimbursement.rma.order.discount_steps
    assert (line.amount, line.reimbursement.total) == (Decimal("-47.68"), Decimal("119.00"))


def assert_books_agree(folder: Path) -> None:
    """The gateway paid exactly what we say it paid, and what was made past us."""
    ledger = Ledger(folder / "sandbox.sqlite3")
    theirs = {
        (one.number, Decimal(one.amount))
        for one in ledger.paid()
        if not one.number.startswith("CONSOLE-")
    }
    ledger.close()
    ours = models.Refund.objects.filter(status="succeeded", gateway="sandbox")
    assert theirs == set(ours.values_list("gateway_number", "amount"))
    assert len(theirs) == 6


def assert_inboxes_are_full_and_calm() -> None:
    """The lead finds something to decide; results are told when goods and money are through, so
    hardly a case is late, whatever day of the week it is."""
    goods = Exists(models.ReturnAuthorization.objects.filter(ticket=OuterRef("pk")))
    money = Exists(models.Refund.objects.filter(ticket=OuterRef("pk")))
    late = Ticket.objects.filter(goods | money, due_at__lt=TODAY)
    lead = User.objects.get(username="xiaolan.gu")
    assert late.count() <= 2
    assert models.ApprovalRequest.objects.visible_to(lead).filter(status="open").count() >= 8
