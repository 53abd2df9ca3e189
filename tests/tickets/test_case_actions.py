"""Every verb of the case page through its own address, for those who may and those who may not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from compliance.models import AuditEvent
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.tickets import (
    make_customer,
    make_investigation,
    make_proposal,
    make_ticket,
    make_ticket_in,
)
from tests.tickets.case_page import address, do, page_of, signed_in, traces
from tickets.admin.case_verbs_all import VERBS
from tickets.models import Draft, Macro, Message, SavedReply, Ticket
from tickets.services import (
    conversation,
    follow_ups,
    handling,
    joining,
    proposals,
    status_links,
)

pytestmark = pytest.mark.django_db

Ready = tuple[Ticket, dict[str, Any]]


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


def answered(actor: User) -> Ready:
    ticket = make_ticket(actor)
    message = conversation.reply(ticket.pk, actor=actor, body="We look into it.")
    return ticket, {"row": message.pk}


def said(actor: User) -> Ready:
    ticket = make_ticket(actor)
    return ticket, {"row": ticket.messages.get().pk}


def hidden(actor: User) -> Ready:
    ticket, row = said(actor)
    conversation.hide_message(row["row"], actor=actor, note="wrong person")
    return ticket, row


def investigated(actor: User) -> Ready:
    ticket = make_ticket(actor)
    return ticket, {"row": make_investigation(ticket, actor).pk}


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


def with_another(actor: User) -> Ready:
    return make_ticket(actor), {"target": make_ticket(actor).number}


def merged(actor: User) -> Ready:
    ticket = make_ticket(actor)
    joining.merge_tickets(ticket.pk, make_ticket(actor).pk, actor=actor)
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


def with_link(actor: User) -> Ready:
    ticket = make_ticket(actor)
    status_links.ensure_status_link(ticket, actor=actor)
    return ticket, {}


def with_department(actor: User) -> Ready:
    return make_ticket(actor), {"department": make_department("warehouse", kind="warehouse").pk}


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
    "route": Try(with_department, "tickets.routed"),
    "assign": Try(with_colleague, "tickets.assigned"),
    "take": Try(fresh, "tickets.assigned"),
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
    assert set(TRIES) == set(VERBS)


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
        assert Draft.objects.get(ticket=ticket).body == f"Dear {ticket.customer.name}, sorry."


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


@pytest.mark.parametrize("verb", [code for code, verb in VERBS.items() if not verb.is_direct])
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


def test_row_of_another_case_is_not_found() -> None:
    lead = make_user(Role.LEAD)
    ticket, other = make_ticket(lead), make_ticket(lead)
    row = make_investigation(other, lead).pk
    before = traces(other)

    response = do(lead, ticket, "drop", row=row, note="not mine")

    assert response.status_code == 404
    assert traces(other) == before


@pytest.mark.parametrize("row", ["", "abc", "-1", "9" * 30])
def test_row_that_is_no_number_is_not_found(row: str) -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)

    assert do(lead, ticket, "drop", row=row, note="nothing").status_code == 404


def test_unknown_verb_is_not_found() -> None:
    lead = make_user(Role.LEAD)

    assert do(lead, make_ticket(lead), "explode").status_code == 404


def test_form_sent_twice_is_done_once() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    client, form = signed_in(agent), {"body": "Called the carrier.", "once": "a" * 32}

    first = client.post(address(ticket, "do/note"), form)
    second = client.post(address(ticket, "do/note"), form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert ticket.messages.filter(kind="note").count() == 1


def test_second_thing_said_from_the_same_page_is_said() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    client = signed_in(agent)

    client.post(address(ticket, "do/note"), {"body": "One", "once": "a" * 32})
    client.post(address(ticket, "do/note"), {"body": "Two", "once": "a" * 32})

    assert ticket.messages.filter(kind="note").count() == 2


def test_refused_form_may_be_sent_again() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    form = {"note": "", "once": "b" * 32}

    refused = do(agent, ticket, "resolve", **form)
    signed_in(agent).post(address(ticket, "do/result"), {"body": "We refund it."})
    done = do(agent, ticket, "resolve", **form)

    assert (refused.status_code, done.status_code) == (422, 302)


def test_answer_written_past_the_customer_is_refused_and_kept() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    seen = ticket.messages.get().pk
    conversation.reply(ticket.pk, actor=make_user(), body="I took this one.")
    before = traces(ticket)

    response = do(agent, ticket, "reply", body="My long answer", then="pending", seen=seen)

    text = response.content.decode()
    assert response.status_code == 422
    assert "wrote while you were typing" in text
    assert ">My long answer</textarea>" in text
    assert f'name="seen" value="{ticket.messages.latest("pk").pk}"' in text
    assert traces(ticket) == before


def test_refused_dialog_keeps_what_was_typed() -> None:
    lead = make_user(Role.LEAD)
    ticket, row = investigated(lead)
    handling.watch(ticket.pk, actor=lead, user=lead)
    form = {"findings": "Cut by a knife", "root_cause": "", "responsible_party": "warehouse"}

    response = do(lead, ticket, "conclude", **form, **row)

    assert response.status_code == 422
    assert "Cut by a knife" in response.content.decode()


def test_verb_in_the_wrong_state_says_so() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in("closed", lead)
    before = traces(ticket)

    response = do(lead, ticket, "reopen", note="customer called")

    assert response.status_code == 409
    assert "Only a resolved case can be reopened." in response.content.decode()
    assert traces(ticket) == before


def test_direct_verb_refused_shows_the_case_with_the_reason() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    handling.acknowledge(ticket.pk, actor=lead)

    response = do(lead, ticket, "acknowledge")

    assert response.status_code == 409
    assert "This case was acknowledged before." in response.content.decode()


def test_answer_is_taken_back_in_time() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        do(agent, ticket, "reply", body="Oops", then="pending")
        page = signed_in(agent).get(page_of(ticket)).content.decode()
    message = Message.objects.get(kind="outbound")
    with time_machine.travel(moment + timedelta(seconds=14), tick=False):
        response = do(agent, ticket, "undo", row=message.pk)

    message.refresh_from_db()
    ticket.refresh_from_db()
    assert 'data-undo="15"' in page
    assert response.status_code == 302
    assert message.undone_at == moment + timedelta(seconds=14)
    assert ticket.status == "open"
    assert ">Oops</textarea>" in signed_in(agent).get(page_of(ticket)).content.decode()


def test_answer_is_not_taken_back_too_late() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        do(agent, ticket, "reply", body="Oops", then="pending")
    message = Message.objects.get(kind="outbound")
    before = traces(ticket)
    with time_machine.travel(moment + timedelta(seconds=15), tick=False):
        response = do(agent, ticket, "undo", row=message.pk)
        page = signed_in(agent).get(page_of(ticket)).content.decode()

    assert response.status_code == 409
    assert "too late" in response.content.decode()
    assert "data-undo=" not in page
    assert traces(ticket) == before


def test_answer_of_a_colleague_cannot_be_taken_back() -> None:
    agent, colleague = make_user(), make_user()
    ticket, row = answered(agent)
    before = traces(ticket)

    response = do(colleague, ticket, "undo", **row)

    assert response.status_code == 403
    assert "data-undo=" not in signed_in(colleague).get(page_of(ticket)).content.decode()
    assert traces(ticket) == before


def test_macro_leaves_its_answer_below_the_draft_and_opens_the_proposal() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    text = SavedReply(name="Exchange", body="We exchange it.")
    text.save()
    macro = Macro(name="Exchange", reply=text, propose_remedy="exchange")
    macro.save()
    conversation.save_draft(ticket.pk, actor=agent, kind="outbound", body="Dear Ms Li,")

    response = do(agent, ticket, "macro", tool=macro.pk)

    assert response.url == f"{page_of(ticket)}?tab=propose&remedy=exchange"
    assert Draft.objects.get(ticket=ticket).body == "Dear Ms Li,\n\nWe exchange it."
    page = signed_in(agent).get(response.url).content.decode()
    assert 'id="tab-propose" value="propose" checked' in page
    assert '<option value="exchange" selected>' in page


def test_dialog_gets_an_address_instead_of_a_redirect() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)

    response = signed_in(lead).post(
        address(ticket, "do/learn"), {"lesson": "Guard knives"}, headers={"X-Desk-Part": "1"}
    )

    assert response.status_code == 204
    assert response["X-Desk-Location"] == page_of(ticket)


def test_merge_leads_to_the_case_that_goes_on() -> None:
    lead = make_user(Role.LEAD)
    ticket, data = with_another(lead)

    response = do(lead, ticket, "merge", **data)

    assert response.url == f"/admin/tickets/ticket/{data['target']}/change/"


def test_merge_does_not_find_a_case_out_of_scope() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    foreign = make_ticket(make_user(Role.LEAD, department=make_department("other")))
    before = traces(ticket)

    response = do(lead, ticket, "merge", target=foreign.number)

    assert response.status_code == 422
    assert "There is no case with this number." in response.content.decode()
    assert traces(ticket) == before


def test_personal_data_is_shown_for_a_reason_and_recorded() -> None:
    agent = make_user()
    ticket = make_ticket(agent, customer=make_customer(agent, email="maria@example.com"))
    url = address(ticket, "personal-data")

    asked = signed_in(agent).get(url).content.decode()
    refused = signed_in(agent).post(url, {"note": "x"})
    shown = signed_in(agent).post(url, {"note": "wants a call back"}).content.decode()

    assert "maria@example.com" not in asked
    assert refused.status_code == 422
    assert "maria@example.com" not in refused.content.decode()
    assert "maria@example.com" in shown
    assert AuditEvent.objects.filter(code="compliance.disclosed", actor_id=agent.pk).count() == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.WAREHOUSE])
def test_personal_data_is_refused_without_the_right(role: str) -> None:
    ticket = make_ticket(customer=make_customer(email="maria@example.com"))
    before = traces(ticket)

    response = signed_in(make_user(role)).post(
        address(ticket, "personal-data"), {"note": "curious"}
    )

    assert response.status_code == 403
    assert "maria@example.com" not in response.content.decode()
    assert traces(ticket) == before
