"""Nothing typed is lost when the composer loses the tab it was typed in."""

from __future__ import annotations

import pytest

from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_proposal, make_ticket, make_ticket_in
from tests.tickets.case_page import address, do, page_of, shown, signed_in, with_another
from tickets.models import Draft, Ticket
from tickets.services import conversation, joining, outcome, proposals
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

TYPED = "Dear customer, half a thought"


@pytest.fixture
def lead() -> User:
    return make_user(Role.LEAD)


def typed(ticket: Ticket, actor: User, kind: str = "outbound", body: str = TYPED) -> None:
    conversation.save_draft(ticket.pk, actor=actor, kind=kind, body=body)


def left(user: User, ticket: Ticket) -> list[str]:
    """Headings of what is left, each with its words."""
    parts = shown(user, ticket).split('<details class="left-draft">')[1:]
    return [
        part.partition("<summary>")[2].partition("</summary>")[0]
        + " | "
        + part.partition("</textarea>")[0].rpartition(">")[2]
        for part in parts
    ]


def test_answer_begun_before_the_result_was_told_is_shown_and_comes_back(lead: User) -> None:
    ticket = make_ticket(lead, kind="consultation")
    typed(ticket, lead)
    before = left(lead, ticket)

    do(lead, ticket, "result", body="Settled.", resolve="on")
    told = left(lead, ticket)
    outcome.reopen_ticket(ticket.pk, actor=lead, note="They called")

    assert before == []
    assert told == [f"Draft not sent: Reply | {TYPED}"]
    assert left(lead, ticket) == []
    assert f">{TYPED}</textarea>" in shown(lead, ticket)


@pytest.mark.parametrize("status", ["resolved", "closed", "canceled"])
def test_every_kind_of_draft_is_reachable_on_a_finished_case(lead: User, status: str) -> None:
    ticket = make_ticket_in(status, lead)
    for kind in ("outbound", "note", "proposal", "result"):
        typed(ticket, lead, kind, f"A {kind}")

    assert sorted(left(lead, ticket)) == [
        "Draft not sent: Propose | A proposal",
        "Draft not sent: Reply | A outbound",
        "Draft not sent: Result | A result",
    ]
    assert ">A note</textarea>" in shown(lead, ticket)


def test_second_offer_typed_while_one_is_open_is_kept(lead: User) -> None:
    ticket = make_ticket(lead)
    offer = make_proposal(ticket, lead)
    typed(ticket, lead, "proposal", "Half the price")

    assert left(lead, ticket) == ["Draft not sent: Propose | Half the price"]
    proposals.withdraw_proposal(offer.pk, actor=lead, note="too much")
    assert left(lead, ticket) == []


def test_draft_left_behind_can_be_thrown_away(lead: User) -> None:
    ticket = make_ticket_in(TicketStatus.RESOLVED, lead)
    typed(ticket, lead)

    answer = signed_in(lead).post(
        address(ticket, "draft"), {"kind": "outbound", "body": "", "back": "1"}
    )

    assert (answer.status_code, answer.url) == (302, page_of(ticket))
    assert not Draft.objects.exists()


def test_drafts_go_along_with_a_merge(lead: User) -> None:
    ticket, extra = with_another(lead)
    target = Ticket.objects.get(number=extra["target"])
    colleague = make_user()
    typed(ticket, lead)
    typed(target, lead, body="There already")
    typed(ticket, colleague, "note", "Ask Ann")

    joining.merge_tickets(ticket.pk, target.pk, actor=lead)

    drafts = Draft.objects.order_by("kind").values_list("ticket", "author", "kind", "body")
    assert list(drafts) == [
        (target.pk, colleague.pk, "note", "Ask Ann"),
        (target.pk, lead.pk, "outbound", f"There already\n\n{TYPED}"),
    ]


def test_draft_of_somebody_who_does_not_see_the_target_stays(lead: User) -> None:
    ticket, extra = with_another(lead)
    target = Ticket.objects.get(number=extra["target"])
    stranger = make_user(department=make_department("logistics"))
    ticket.watchers.create(user=stranger, since=ticket.received_at)
    typed(ticket, stranger)

    joining.merge_tickets(ticket.pk, target.pk, actor=lead)

    assert Draft.objects.get().ticket_id == ticket.pk
    assert left(stranger, ticket) == [f"Draft not sent: Reply | {TYPED}"]


def test_drafts_go_back_with_an_undone_split(lead: User) -> None:
    ticket = make_ticket(lead)
    more = conversation.note(ticket.pk, actor=lead, body="The cap is missing, too")
    part = joining.split_ticket(ticket.pk, actor=lead, message_ids=[more.pk], subject="Cap missing")
    typed(part, lead)

    joining.unsplit_ticket(part.pk, actor=lead, note="It is one")

    assert Draft.objects.get().ticket_id == ticket.pk
