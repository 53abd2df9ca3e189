"""The panel «Departments» of the case page: legs, who waits for whom, lanes over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aftersales.kernel.clock import now
from clocks.words import span_words
from handoffs import policies
from handoffs.admin.case_verbs import VERBS
from handoffs.fields import shown_answers
from handoffs.links import party_url
from handoffs.models import Handoff
from handoffs.queries.lanes import account, lanes, legs_of, live_link
from handoffs.statuses import LIVE, WITH_RECEIVER
from handoffs.statuses import HandoffStatus as H
from staff.models import User
from tickets import words
from tickets.admin.case_panels import Button, verb_url
from tickets.admin.panels import Panel
from tickets.models import Ticket
from tickets.statuses import UNFINISHED, TicketStatus

TONES = {
    H.SENT: "amber",
    H.ACCEPTED: "blue",
    H.RETURNED: "red",
    H.ANSWERED: "violet",
    H.DECLINED: "red",
    H.CLOSED: "green",
    H.WITHDRAWN: "",
}
RECEIVING = {
    "leg-accept": (H.SENT,),
    "leg-answer": (H.ACCEPTED,),
    "leg-return": WITH_RECEIVER,
    "leg-assign": (*WITH_RECEIVER, H.RETURNED),
    "leg-decline": WITH_RECEIVER,
}
GIVING = {
    "leg-close": (H.ANSWERED,),
    "leg-resend": (H.RETURNED, H.ANSWERED),
    "leg-reroute": (H.DECLINED,),
    "leg-withdraw": (H.SENT, H.ACCEPTED, H.RETURNED, H.DECLINED),
}
BY_CODE = {verb.code: verb for verb in VERBS}


@dataclass(frozen=True, slots=True)
class ShownLeg:
    """A leg as the page shows it."""

    leg: Handoff
    tone: str
    due: words.Due
    buttons: list[Button]
    asked: list[tuple[str, str]]
    answered: list[tuple[str, str]]
    account: list[tuple[str, str]]

    @property
    def is_live(self) -> bool:
        return self.leg.status in LIVE


def load(ticket: Ticket, user: User) -> dict[str, Any] | None:
    """Nothing for a finished case without legs or somebody who may not see them."""
    if not user.has_perm("handoffs.view_handoff"):
        return None
    legs = legs_of(ticket, user) if getattr(ticket, "flag_legs", True) else []
    may_send = policies.can_send(user, ticket) and TicketStatus(ticket.status) in UNFINISHED
    if not legs and not may_send:
        return None
    return {
        "legs": [shown_leg(leg, user) for leg in legs],
        "lanes": shown_lanes(legs),
        "send": button(ticket.number, "hand-over") if may_send else None,
    }


PANEL = Panel("handoffs", "handoffs/_panel.html", load, position=40)


def shown_leg(leg: Handoff, user: User) -> ShownLeg:
    moment = now()
    return ShownLeg(
        leg=leg,
        tone=TONES[H(leg.status)],
        due=words.due_words(leg.due_at if leg.status in LIVE else None, moment),
        buttons=[button(leg.ticket.number, code) for code in usable(leg, user)],
        asked=shown_answers(leg.ask_fields, leg.asked),
        answered=shown_answers(leg.answer_fields, leg.answered),
        account=[(name, span_words(length)) for name, length in account(leg, moment)],
    )


def button(number: str, code: str) -> Button:
    verb = BY_CODE[code]
    return Button(
        code, verb.label, verb_url(number, code), verb.tab, verb.is_direct, verb.is_dangerous
    )


def usable(leg: Handoff, user: User) -> list[str]:
    """Codes of the verbs this person may use on the leg as it is; the services decide again."""
    status, found = H(leg.status), []
    if policies.can_answer(user, leg):
        found += [code for code, statuses in RECEIVING.items() if status in statuses]
        if leg.is_external and status == H.SENT:
            found.insert(0, "leg-answer")
    if policies.can_manage(user, leg):
        found += [code for code, statuses in GIVING.items() if status in statuses]
    pointless = {
        "leg-accept": leg.is_external or not policies.can_accept(user, leg),
        "leg-assign": leg.is_external,
        "leg-answer": leg.is_transfer,
        "leg-reroute": leg.is_external,
    }
    return [code for code in dict.fromkeys(found) if not pointless.get(code)]


def shown_lanes(legs: list[Handoff]) -> list[dict[str, Any]]:
    """Lanes with the words of what their bars show: color alone says nothing."""
    return [
        {
            "name": lane.name,
            "parts": [(str(status.label), span_words(length)) for status, length in lane.parts],
            "bars": [
                {
                    "bar": bar,
                    "tone": TONES[bar.segment.status],
                    "words": str(bar.segment.status.label),
                    "span": span_words(bar.segment.length),
                }
                for bar in lane.bars
            ],
        }
        for lane in lanes(legs)
    ]


def link_of(leg: Handoff, user: User) -> dict[str, Any]:
    """The outsider's address and the verbs of it, for those who manage the leg."""
    if not leg.is_external or leg.status not in LIVE or not policies.can_manage(user, leg):
        return {}
    link = live_link(leg)
    code = "leg-revoke" if link else "leg-link"
    return {
        "address": party_url(link.public_id) if link else "",
        "expires_at": link.expires_at if link else None,
        "button": button(leg.ticket.number, code),
    }
