"""Who hears of a turn: those whose move it is now, and those the grid wants informed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from aftersales.kernel.clock import now
from handoffs.choices import TurnVerb
from handoffs.models import Handoff, HandoffTurn
from handoffs.queries.responsibility import suggest
from staff.models import Department, User
from staff.queries import leads_of
from staff.services.notices import NewNotice, notify

TO_RECEIVER = (TurnVerb.SENT, TurnVerb.RESENT, TurnVerb.REROUTED)
TO_GIVER = (TurnVerb.ANSWERED, TurnVerb.RETURNED, TurnVerb.DECLINED)


def tell(leg: Handoff, turn: HandoffTurn, *, actor: User) -> None:
    """Put it under the bell of whoever has the turn; the actor knows already."""
    verb = TurnVerb(turn.verb)
    if verb in TO_RECEIVER and leg.to_department:
        people = [leg.assignee] if leg.assignee else leads_of(leg.to_department_id, now())
        _notify(people, "handoffs.asked", leg, turn, actor)
    elif verb in TO_GIVER:
        people = [leg.sent_by, leg.ticket.assignee] if leg.ticket.assignee else [leg.sent_by]
        _notify(people, f"handoffs.{verb.value}", leg, turn, actor)
    if verb == TurnVerb.SENT:
        _inform(leg, turn, actor)


def _inform(leg: Handoff, turn: HandoffTurn, actor: User) -> None:
    """Leads of the departments that the responsibility grid wants informed of this step."""
    found = suggest(leg.ticket)
    known = (leg.from_department_id, leg.to_department_id)
    for department in found.informed if found else ():
        if department.pk not in known:
            _notify(leads_of(department.pk, now()), "handoffs.informed", leg, turn, actor)


def _notify(
    people: Iterable[User], code: str, leg: Handoff, turn: HandoffTurn, actor: User
) -> None:
    notify(
        [person for person in people if person.pk != actor.pk],
        NewNotice(
            code=code,
            source_key=f"handoff:{turn.pk}:{code.rpartition('.')[2]}",
            url=reverse("admin:handoffs_handoff_change", args=[leg.pk]),
            params={
                "leg": leg.number,
                "case": leg.ticket.number,
                "department": _names(leg.from_department),
                "by": turn.by_name or _names(leg.to_department),
            },
            case=leg.ticket,
        ),
        actor=actor,
    )


def _names(department: Department | None) -> Any:
    """Both languages: a notice is shown in its reader's."""
    return {"en": department.name, "zh-hans": department.name_zh} if department else ""
