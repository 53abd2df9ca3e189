"""The case page as its templates need it: buttons by right, the next step, the composer's tabs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import Text
from customers.policies import can_see_personal_data
from staff.models import User
from tickets import policies
from tickets.admin import panels
from tickets.admin.case_actions import Verb
from tickets.admin.case_verbs_all import MENU_OF_OTHERS, VERBS
from tickets.choices import LinkKind, MessageKind
from tickets.models import Ticket
from tickets.queries.advice import Advice, advise, promises
from tickets.queries.case import CasePage
from tickets.queries.promises import ANSWERS
from tickets.steps import steps
from tickets.words import DRAFT_LABELS

# So many promises are seen at once, the others are folded.
SHOWN_PROMISES = 4
STATUS_MENU = (
    "resume",
    "wait-customer",
    "wait-others",
    "resolve",
    "reopen",
    "close",
    "cancel",
)
MORE_MENU = (
    "take",
    "take-over",
    "put-back",
    "assign",
    "route",
    "assess",
    "details",
    "urge",
    "file",
    "investigate",
    "merge",
    "unmerge",
    "split",
    "unsplit",
    "link",
    "learn",
)
DRAFT_OF_TAB = {
    "reply": MessageKind.OUTBOUND.value,
    "note": MessageKind.NOTE.value,
    "propose": "proposal",
    "result": "result",
}


@dataclass(frozen=True, slots=True)
class Button:
    """A verb a person may use here; ``target`` is the row it is about."""

    code: str
    label: Text
    url: str
    tab: str
    is_direct: bool
    is_dangerous: bool
    target: int = 0


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to write, with what was typed before."""

    code: str
    label: Text
    url: str
    form: Any
    draft_kind: str
    saved_at: datetime | None
    is_active: bool
    tells: bool


@dataclass(frozen=True, slots=True)
class LeftDraft:
    """What was typed where the composer has no tab now; back there when it has one again."""

    kind: str
    label: Text
    body: str


def case_url(number: str) -> str:
    return reverse("admin:tickets_ticket_change", args=[number])


def verb_url(number: str, code: str) -> str:
    return reverse("admin:tickets_ticket_do", args=[number, code])


def buttons(ticket: Ticket, user: User) -> dict[str, Button]:
    """What this person may do now, by code; what is not in here is not drawn."""
    base = verb_url(ticket.number, "X")[: -len("X/")]
    return {
        verb.code: Button(
            verb.code,
            verb.label,
            f"{base}{verb.code}/",
            verb.tab,
            verb.is_direct,
            verb.is_dangerous,
        )
        for verb in VERBS.values()
        if ticket.status in verb.statuses and verb.may(user, ticket)
    }


def offered(page: CasePage, user: User) -> dict[str, Button]:
    """``buttons`` without those that the page itself shows to be pointless."""
    found = buttons(page.ticket, user)
    watching = any(row.user_id == user.pk for row in page.watchers)
    split_off = any(link.kind == LinkKind.SPLIT and link.is_source for link in page.links)
    has_taken_in = any(link.kind == LinkKind.MERGED and not link.is_source for link in page.links)
    pointless = {
        "watch": watching,
        "unwatch": not watching,
        "watch-remove": not page.watchers,
        "unmerge": not page.merged_into,
        "reopen": bool(page.merged_into),
        "unsplit": not split_off or page.is_under_way or has_taken_in,
        "acknowledge": page.ticket.acknowledged_at is not None,
        "investigate": page.open_investigation is not None,
        "propose": page.live_proposal is not None,
        "status-link": bool(page.status_address),
        "revoke-links": not page.status_address,
        "resolve": page.ticket.result_told_at is None or page.is_unsettled,
        "cancel": page.is_under_way,
        "merge": page.is_under_way,
        "split": not page.can_be_split,
        "close": any(not state.is_open for state in page.gate_states),
    }
    return {code: button for code, button in found.items() if not pointless.get(code)}


def panel_context(
    page: CasePage, user: User, *, verb: Verb | None = None, form: Any = None, query: Any = None
) -> dict[str, Any]:
    """All that the page's templates read; ``verb`` and ``form`` are those of a refused attempt."""
    can = offered(page, user)
    advice = advise(page)
    owed = promises(page)
    return {
        "page": page,
        "ticket": page.ticket,
        "can": {code.replace("-", "_"): button for code, button in can.items()},
        "once": uuid.uuid4().hex,
        "steps": steps(page.ticket),
        "advice": advice,
        "primary": _aimed(can.get(advice.verb), advice.target),
        "secondary": _aimed(can.get(advice.other), advice.other_target),
        "promises": owed[:SHOWN_PROMISES],
        "more_promises": owed[SHOWN_PROMISES:],
        "due": _due(page),
        "is_late": bool(page.ticket.due_at and page.ticket.due_at < now()),
        "status_menu": [can[code] for code in STATUS_MENU if code in can],
        "more_menu": [can[code] for code in (*MORE_MENU, *MENU_OF_OTHERS) if code in can],
        "tabs": _tabs(page, user, can, verb, form, query or {}),
        "left_drafts": _left_drafts(page, can),
        "panels": panels.shown(page.ticket, user),
        "may_disclose": can_see_personal_data(user),
        "may_open_customer": user.has_perm("customers.view_customer"),
        "history_url": _history_url(page.ticket, user),
        "may_write": policies.can_note(user, page.ticket),
        "refusal": _refusal(verb, form, can),
        "undo_seconds": _undo_seconds(page),
        "blocked": [state for state in page.gate_states if not state.is_open],
    }


def _history_url(ticket: Ticket, user: User) -> str:
    """The stream of changes of the whole case for auditors, of its own row for others."""
    if user.has_perm("compliance.view_journalentry"):
        return reverse("admin:compliance_journalentry_changelist") + f"?case={ticket.number}"
    return reverse("admin:compliance_journalentry_object", args=["tickets.ticket", ticket.pk])


def _aimed(button: Button | None, target: int) -> Button | None:
    return replace(button, target=target) if button else None


def _due(page: CasePage) -> str:
    """The promise in the header; nothing while it is not our turn."""
    due_at = page.ticket.due_at
    nearest = next((row for row in page.clocks if due_at and row.at == due_at), None)
    if nearest is None:
        return ""
    words = nearest.standing.text
    if nearest.standing.tone == "late":
        words = f"{nearest.standing.word} {words}"
    return _("Answer: %(words)s") % {"words": words} if nearest.promise in ANSWERS else words


def _refusal(verb: Verb | None, form: Any, can: dict[str, Button]) -> str:
    """What is wrong with an attempt that has no form on the page to say it at."""
    if verb is None or form is None or (verb.tab and verb.code in can):
        return ""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _undo_seconds(page: CasePage) -> int:
    entry = page.timeline.undoable
    if entry is None or entry.undo_until is None:
        return 0
    return max(int((entry.undo_until - now()).total_seconds()), 0)


def _tabs(
    page: CasePage,
    user: User,
    can: dict[str, Button],
    verb: Verb | None,
    form: Any,
    query: Any,
) -> list[Tab]:
    """The composer's tabs; the refused one is open, else the one asked for, else the first."""
    codes = [code for code, candidate in VERBS.items() if candidate.tab and code in can]
    wanted = verb.code if verb and verb.tab else query.get("tab", "")
    active = wanted if wanted in codes else next(iter(codes), "")
    return [
        Tab(
            code=code,
            label=VERBS[code].label,
            url=can[code].url,
            form=form if verb and code == verb.code else _fresh(page, user, code, query),
            draft_kind=DRAFT_OF_TAB.get(code, ""),
            saved_at=page.drafts.get(DRAFT_OF_TAB.get(code, ""), ("", None))[1],
            is_active=code == active,
            tells=VERBS[code].tells,
        )
        for code in codes
    ]


def _left_drafts(page: CasePage, can: dict[str, Button]) -> list[LeftDraft]:
    reachable = {kind for code, kind in DRAFT_OF_TAB.items() if code in can}
    return [
        LeftDraft(kind, DRAFT_LABELS[kind], body)
        for kind, (body, _at) in page.drafts.items()
        if kind not in reachable
    ]


def _fresh(page: CasePage, user: User, code: str, query: Any) -> Any:
    body = page.drafts.get(DRAFT_OF_TAB.get(code, ""), ("", None))[0]
    initial: dict[str, Any] = {"body": body}
    if code == "propose":
        ticket = page.ticket
        currency = page.order.currency if page.order else ""
        currency = currency or (ticket.shop.currency if ticket.shop else "CNY")
        wish = query.get("remedy") or ticket.requested_remedy
        initial = {"terms": body, "currency": currency, "remedy": wish}
    elif code == "reply":
        initial["then"] = page.after_an_answer
    elif code == "result":
        initial["resolve"] = not page.is_unsettled
    return VERBS[code].form(ticket=page.ticket, actor=user, initial=initial)


__all__ = ["Advice", "Button", "Tab", "case_url", "offered", "panel_context", "verb_url"]
