"""When something may be promised for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.portal_page import footprint
from tickets.models import FollowUp
from tickets.services.follow_ups import plan_follow_up

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("due_at", "code"),
    [
        (now() - timedelta(seconds=1), "past"),
        (now() + timedelta(days=36_530), "too_far"),
        (datetime(9999, 12, 31, 15, 59, tzinfo=UTC), "too_far"),
    ],
)
def test_promise_for_a_time_no_calendar_has_is_refused(due_at: datetime, code: str) -> None:
    lead = make_user(Role.LEAD)
    ticket, before = make_ticket(lead), footprint()

    with pytest.raises(RuleViolated) as refusal:
        plan_follow_up(ticket.pk, actor=lead, kind="call_back", text="Call", due_at=due_at)

    assert (refusal.value.code, refusal.value.field) == (code, "due_at")
    assert (FollowUp.objects.count(), footprint()) == (0, before)
