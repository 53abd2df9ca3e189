"""Who hears of a turn: those whose move it is, and those who are to be informed."""

from __future__ import annotations

import pytest

from handoffs.services import receiving, sending
from handoffs.services.receiving import Reply
from handoffs.services.responsibility import set_responsibility
from staff.models import Notice, User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.handoffs import make_handoff, make_helper
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("id").values_list("code", flat=True))


def test_each_turn_tells_the_other_side() -> None:
    giver, lead, helper = make_user(), make_helper(), make_helper(Role.WAREHOUSE)
    leg = make_handoff(make_ticket(giver), giver)
    assert (told(lead), told(helper), told(giver)) == (["handoffs.asked"], [], [])

    receiving.accept_handoff(leg.pk, actor=helper)
    receiving.return_handoff(leg.pk, actor=helper, note="Which parcel?")
    sending.resend_handoff(leg.pk, actor=giver, note="SF100")
    receiving.answer_handoff(leg.pk, Reply(text="Lost."), actor=helper)

    assert told(helper) == ["handoffs.asked"]
    assert told(lead) == ["handoffs.asked"]
    assert told(giver) == ["handoffs.returned", "handoffs.answered"]
    notice = Notice.objects.filter(recipient=giver).latest("id")
    assert notice.url == f"/admin/handoffs/handoff/{leg.pk}/change/"
    assert notice.params["by"] == {"en": "Logistics", "zh-hans": "logistics部"}


def test_answer_of_an_outsider_is_told_by_their_name() -> None:
    giver = make_user()
    leg = make_handoff(make_ticket(giver), giver, "external")

    receiving.answer_handoff(leg.pk, Reply(text="Lost."), actor=system_actor())

    assert told(giver) == ["handoffs.answered"]
    assert Notice.objects.get().params["by"] == "SF Express"


def test_departments_to_be_informed_are_told_once() -> None:
    admin, giver, lead = make_user(Role.ADMINISTRATOR), make_user(), make_helper()
    quality = make_department("quality", kind="quality")
    other = make_user(Role.LEAD, department=quality)
    set_responsibility(None, "acknowledged", {"R": [lead.department], "I": [quality]}, actor=admin)

    make_handoff(make_ticket(giver), giver)

    assert (told(other), told(lead)) == (["handoffs.informed"], ["handoffs.asked"])
