"""The list of follow-ups: what somebody opens it for stands first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.case_page import signed_in
from tickets.models import FollowUp
from tickets.services import follow_ups

pytestmark = pytest.mark.django_db
URL = "/admin/tickets/followup/"


def plan(actor: User, text: str, days: int = 1) -> FollowUp:
    return follow_ups.plan_follow_up(
        make_ticket(actor).pk,
        actor=actor,
        kind="care",
        text=text,
        due_at=timezone.now() + timedelta(days=days),
    )


def listed(user: User, **params: Any) -> list[str]:
    return [row.text for row in signed_in(user).get(URL, params).context["cl"].result_list]


def test_own_planned_ones_come_first_nearest_on_top() -> None:
    agent, colleague = make_user(), make_user()
    plan(agent, "later", days=3)
    plan(agent, "sooner")
    plan(colleague, "of a colleague", days=2)
    finished = plan(agent, "finished")
    follow_ups.complete_follow_up(finished.pk, actor=agent, outcome="All is well")

    assert listed(agent) == ["sooner", "later"]
    assert listed(agent, who="all") == ["sooner", "of a colleague", "later"]
    assert listed(agent, status="done") == ["finished"]
    assert listed(agent, who="nonsense", status="all") == ["sooner", "finished", "later"]


def test_those_who_only_read_see_everybodys() -> None:
    plan(make_user(), "of an agent")

    assert listed(make_user(Role.AUDITOR, department=None)) == ["of an agent"]
    assert listed(make_user(Role.AUDITOR, department=None), who="me") == []


def test_a_card_on_a_phone_is_headed_by_the_promise() -> None:
    agent = make_user()
    plan(agent, "Ask how the kettle does")

    page = signed_in(agent).get(URL).content.decode()

    assert page.index("field-what") < page.index("field-due")
