"""Every verb of the case page through its own address, for those who may and those who may not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from compliance.models import AuditEvent
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.tickets import (
    deliver_mails,
    make_proposal,
    make_ticket,
    make_ticket_in,
)
from tests.tickets.case_page import (
    REFUND,
    Ready,
    address,
    answered,
    do,
    investigated,
    page_of,
    signed_in,
    traces,
    with_another,
    with_paid_order,
)
from tests.tickets.test_bounces import came_back
from tests.tickets.timing import MINUTE, later
from tickets.admin import case_verbs, case_verbs_around, case_verbs_work
from tickets.admin.case import NOT_NOW
from tickets.admin.case_verbs_all import VERBS
from tickets.models import Draft, Macro, SavedReply
from tickets.services import (
    conversation,
    follow_ups,
    handling,
    joining,
    proposals,
    status_links,
)

pytestmark = pytest.mark.django_db

# Upper apps try their own verbs.
OWN = {
    verb.code
    for module in (case_verbs, case_verbs_work, case_verbs_around)
    for verb in module.VERBS
}


@dataclass(frozen=True)
class Try:
    """How to bring a case where the verb fits, what to post, the event that proves it."""

    prepare: Callable[[User], Ready]
    event: str
    data: dict[str, Any] = field(default_factory=dict)


def fresh(actor: User) -> Ready:
    return make_ticket(actor), {}


def in_status(status: str) -> Callable[[User], Ready]:
    return lambda actor: (make_ticket_in(status, actor), {})


def own(actor: User) -> Ready:
    ticket = make_ticket(actor)
    handling.assign(ticket.pk, actor=actor, assignee=actor)
    return ticket, {}


def anothers(actor: User) -> Ready:
    ticket, colleague = make_ticket(actor), make_user(department=actor.department)
    handling.assign(ticket.pk, actor=actor, assignee=colleague)
    return ticket, {}


def said(actor: User) -> Ready:
    ticket = make_ticket(actor)
    return ticket, {"row": ticket.messages.get().pk}


def hidden(actor: User) -> Ready:
    ticket, row = said(actor)
    conversation.hide_message(row["row"], actor=actor, note="wrong person")
    return ticket, row


def proposed(actor: User) -> Ready:
    ticket = make_ticket(actor)
    return ticket, {"row": make_proposal(ticket, actor).pk}


def accepted(actor: User) -> Ready:
    ticket, row = proposed(actor)
    proposals.accept_proposal(row["row"], actor=actor)
    return ticket, row


def told(actor: User) -> Ready:
    ticket = make_ticket(actor)
    signed_in(actor).post(address(ticket, "do/result"), {"body": "We refund the jacket."})
    return ticket, {}


def closable(actor: User) -> Ready:
    ticket = make_ticket_in("resolved", actor)
    ticket.mails.all()
    from tests.factories.tickets import deliver_mails  # noqa: PLC0415 -- used by one case only

    deliver_mails(ticket)
    return ticket, {}


def planned(actor: User) -> Ready:
    ticket = make_ticket(actor)
    follow_up = follow_ups.plan_follow_up(
        ticket.pk,
        actor=actor,
        kind="call_back",
        text="Call",
        due_at=timezone.now() + timedelta(days=1),
    )
    return ticket, {"row": follow_up.pk}


def watched(actor: User) -> Ready:
    ticket = make_ticket(actor)
    handling.watch(ticket.pk, actor=actor, user=actor)
    return ticket, {"user": actor.pk}


def merged(actor: User) -> Ready:
    ticket = make_ticket(actor)
    joining.merge_tickets(ticket.pk, make_ticket(actor).pk, actor=actor, is_sure=True)
    return ticket, {}


def with_two_messages(actor: User) -> Ready:
    ticket = make_ticket(actor)
    note = conversation.note(ticket.pk, actor=actor, body="Belongs elsewhere")
    return ticket, {"messages": [note.pk]}


def split_off(actor: User) -> Ready:
    ticket, chosen = with_two_messages(actor)
    part = joining.split_ticket(
        ticket.pk, actor=actor, message_ids=chosen["messages"], subject="Cap missing"
    )
    return part, {}


def linked(actor: User) -> Ready:
    ticket = make_ticket(actor)
    link = joining.link_tickets(ticket.pk, make_ticket(actor).pk, actor=actor, kind="related")
    return ticket, {"row": link.pk}


def with_macro(actor: User) -> Ready:
    macro = Macro(name="Hurry", set_priority="high")
    macro.save()
    return make_ticket(actor), {"tool": macro.pk}


def with_mail_back(actor: User) -> Ready:
    ticket = make_ticket(actor)
    conversation.reply(ticket.pk, actor=actor, body="We look into it.")
    with later(MINUTE):
        deliver_mails(ticket)
    return ticket, {"row": came_back(ticket.mails.get()).pk}


def with_link(actor: User) -> Ready:
    ticket = make_ticket(actor)
    status_links.ensure_status_link(ticket, actor=actor)
    return ticket, {}


def with_department(actor: User) -> Ready:
    return make_ticket(actor), {"department": make_department("warehouse", kind="warehouse").pk}


def without_customer(actor: User) -> Ready:
    return make_ticket(actor, customer=None), {}


def with_colleague(actor: User) -> Ready:
    colleague = make_user()
    return make_ticket(actor), {"assignee": colleague.pk, "user": colleague.pk}


ASSESSMENT = {"kind": "complaint", "priority": "high", "severity": "major", "complexity": "simple"}
REASON = {"note": "because it is so"}
TRIES = {
    "reply": Try(fresh, "tickets.replied", {"body": "We look into it.", "then": "pending"}),
    "note": Try(fresh, "tickets.noted", {"body": "Third this week."}),
    "propose": Try(fresh, "tickets.proposed", {"remedy": "refund", "terms": "All of it back."}),
    "result": Try(fresh, "tickets.result_told", {"body": "We refund it."}),
    "follow-up": Try(
        fresh,
        "tickets.follow_up_planned",
        {"kind": "care", "text": "Ask how it fits", "due_at": "2099-01-01T10:00"},
    ),
    "undo": Try(answered, "tickets.reply_undone"),
    "acknowledge": Try(fresh, "tickets.acknowledged"),
    "assess": Try(fresh, "tickets.assessed", ASSESSMENT),
    "details": Try(fresh, "tickets.details_changed", {"subject": "Torn sleeve", "language": "en"}),
    "name-customer": Try(
        without_customer,
        "tickets.customer_named",
        {"caller": "li@example.com", "name": "Li", "note": "signed the review"},
    ),
    "route": Try(with_department, "tickets.routed"),
    "assign": Try(with_colleague, "tickets.assigned"),
    "take": Try(fresh, "tickets.assigned"),
    "take-over": Try(anothers, "tickets.assigned", {"note": "on leave"}),
    "put-back": Try(own, "tickets.assigned"),
    "wait-customer": Try(in_status("open"), "tickets.waiting"),
    "wait-others": Try(in_status("open"), "tickets.waiting", {"note": "carrier"}),
    "resume": Try(in_status("on_hold"), "tickets.resumed"),
    "urge": Try(fresh, "tickets.urged"),
    "investigate": Try(fresh, "tickets.investigation_opened", {"question": "Why torn?"}),
    "evidence": Try(
        investigated, "tickets.evidence_added", {"kind": "statement", "text": "Knife cut"}
    ),
    "conclude": Try(
        investigated,
        "tickets.investigation_concluded",
        {"findings": "Cut", "root_cause": "Knife", "responsible_party": "warehouse"},
    ),
    "drop": Try(investigated, "tickets.investigation_dropped", REASON),
    "accept": Try(proposed, "tickets.proposal_accepted", {"note": "on the phone"}),
    "decline": Try(proposed, "tickets.proposal_declined", {"note": "on the phone"}),
    "withdraw": Try(proposed, "tickets.proposal_withdrawn", REASON),
    "carry-out": Try(accepted, "tickets.carried_out", {"note": "bank 4711"}),
    "resolve": Try(told, "tickets.resolved"),
    "reopen": Try(in_status("resolved"), "tickets.reopened", REASON),
    "close": Try(closable, "tickets.closed"),
    "cancel": Try(fresh, "tickets.canceled", REASON),
    "learn": Try(fresh, "tickets.learnt", {"lesson": "Guard the knives."}),
    "follow-up-done": Try(planned, "tickets.follow_up_done", {"outcome": "Happy"}),
    "follow-up-cancel": Try(planned, "tickets.follow_up_canceled", REASON),
    "watch": Try(fresh, "tickets.watched"),
    "watch-add": Try(with_colleague, "tickets.watched"),
    "unwatch": Try(watched, "tickets.unwatched"),
    "watch-remove": Try(watched, "tickets.unwatched"),
    "hide": Try(said, "tickets.message_hidden", REASON),
    "show": Try(hidden, "tickets.message_shown"),
    "contact-add": Try(
        fresh, "customers.contact_added", REASON | {"channel": "phone", "address": "13800001111"}
    ),
    "mail-again": Try(with_mail_back, "tickets.mail_retried"),
    "mail-settle": Try(with_mail_back, "tickets.mail_settled", REASON),
    "file": Try(fresh, "tickets.file_added"),
    "merge": Try(with_another, "tickets.merged"),
    "unmerge": Try(merged, "tickets.unmerged", REASON),
    "split": Try(with_two_messages, "tickets.split", {"subject": "Cap missing"}),
    "unsplit": Try(split_off, "tickets.unsplit", REASON),
    "link": Try(with_another, "tickets.linked", {"kind": "related"}),
    "unlink": Try(linked, "tickets.unlinked"),
    "macro": Try(with_macro, "tickets.macro_applied"),
    "saved-reply": Try(fresh, ""),
    "status-link": Try(fresh, "tickets.link_created"),
    "revoke-links": Try(with_link, "tickets.link_revoked", REASON),
    "refund": Try(with_paid_order, "returns.refund_submitted", REFUND),
}


def ready(verb: str, actor: User) -> Ready:
    """The case and the complete form for a verb."""
    attempt = TRIES[verb]
    ticket, extra = attempt.prepare(actor)
    data = {**attempt.data, **extra}
    if verb == "file":
        data["files"] = [SimpleUploadedFile("trace.txt", b"handed over on Monday")]
    if verb == "saved-reply":
        reply = SavedReply(name="Sorry", body="Dear {{ customer }}, sorry.")
        reply.save()
        data["tool"] = reply.pk
    ticket.refresh_from_db()
    return ticket, data


def test_every_verb_is_tried_here() -> None:
    assert set(TRIES) == OWN | {"refund"}


@pytest.mark.parametrize("verb", TRIES)
def test_verb_is_done_by_the_right_role(verb: str) -> None:
    lead = make_user(Role.LEAD)
    ticket, data = ready(verb, lead)
    before = AuditEvent.objects.filter(code=TRIES[verb].event, case_id=ticket.pk).count()

    response = do(lead, ticket, verb, **data)

    assert response.status_code == 302, response.content.decode()[:2000]
    assert response.url.startswith("/admin/tickets/ticket/T-")
    if TRIES[verb].event:
        after = AuditEvent.objects.filter(code=TRIES[verb].event, case_id=ticket.pk)
        assert after.count() == before + 1
        assert after.latest("id").actor_id == lead.pk
        assert after.latest("id").source == "admin"
    else:
        assert Draft.objects.get(ticket=ticket).body == "Dear {{ customer }}, sorry."


@pytest.mark.parametrize("verb", TRIES)
def test_verb_is_refused_to_an_auditor(verb: str) -> None:
    ticket, data = ready(verb, make_user(Role.LEAD))
    auditor = make_user(Role.AUDITOR)
    before = traces(ticket)

    response = do(auditor, ticket, verb, **data)

    assert response.status_code == 403
    assert traces(ticket) == before


@pytest.mark.parametrize("verb", TRIES)
def test_verb_does_not_find_the_case_of_another_department(verb: str) -> None:
    ticket, data = ready(verb, make_user(Role.LEAD))
    stranger = make_user(Role.LEAD, department=make_department("other"))
    before = traces(ticket)

    response = do(stranger, ticket, verb, **data)

    assert response.status_code == 404
    assert traces(ticket) == before


@pytest.mark.parametrize("verb", TRIES)
def test_verb_sends_somebody_without_a_role_to_the_sign_in(verb: str) -> None:
    ticket, data = ready(verb, make_user(Role.LEAD))
    nobody = make_user("agent", roles=[])
    before = traces(ticket)

    response = do(nobody, ticket, verb, **data)

    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")
    assert traces(ticket) == before


@pytest.mark.parametrize(
    "verb", [code for code in VERBS if code in OWN and not VERBS[code].is_direct]
)
def test_form_of_a_verb_is_shown_on_its_own(verb: str) -> None:
    lead = make_user(Role.LEAD)
    ticket, data = ready(verb, lead)

    response = signed_in(lead).get(
        address(ticket, f"do/{verb}"), {"row": data["row"]} if "row" in data else {}
    )

    if VERBS[verb].tab:
        assert response.url == f"{page_of(ticket)}?tab={verb}"
    else:
        assert response.status_code == 200
        assert f'action="{address(ticket, f"do/{verb}")}"' in response.content.decode()


@pytest.mark.parametrize("verb", TRIES)
def test_form_of_a_verb_is_refused_in_words_to_an_auditor(verb: str) -> None:
    ticket, data = ready(verb, make_user(Role.LEAD))
    auditor, url = signed_in(make_user(Role.AUDITOR)), address(ticket, f"do/{verb}")
    row = {"row": data["row"]} if "row" in data else {}

    whole, part = auditor.get(url, row), auditor.get(url, row, headers={"X-Desk-Part": "1"})

    for response, is_page in ((whole, True), (part, False)):
        assert response.status_code == 403
        assert str(NOT_NOW) in response.content.decode()
        assert (b"<html" in response.content) == is_page


def test_taking_the_own_case_again_is_refused_in_words() -> None:
    agent = make_user()
    ticket, _ = own(agent)

    response = signed_in(agent).get(address(ticket, "do/take"))

    assert response.status_code == 403
    assert str(NOT_NOW) in response.content.decode()
