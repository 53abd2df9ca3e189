"""Who is mentioned or given a case hears of it, once, in the own language."""

from __future__ import annotations

import pytest
from django.utils import translation

from aftersales.kernel.errors import InvalidTransition
from staff.models import Notice
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tickets.services import conversation, handling

pytestmark = pytest.mark.django_db


def test_who_is_mentioned_in_a_note_is_told() -> None:
    author, called, other = make_user(), make_user(username="li.wei"), make_user(username="chen")
    ticket = make_ticket(author)

    conversation.note(
        ticket.pk, actor=author, body=f"@li.wei @chen @{author.username} @nobody please look"
    )

    notices = {notice.recipient: notice for notice in Notice.objects.all()}
    assert set(notices) == {called, other}
    told = notices[called]
    assert told.title == f"{author} asks you on {ticket.number}"
    assert (told.case_id, told.case_label) == (ticket.pk, ticket.number)
    assert told.url == f"/admin/tickets/ticket/{ticket.number}/change/"
    with translation.override("zh-hans"):
        assert told.title == f"{author}在{ticket.number}中提到了您"


def test_each_note_tells_again() -> None:
    author, called = make_user(), make_user(username="li.wei")
    ticket = make_ticket(author)

    for _ in range(2):
        conversation.note(ticket.pk, actor=author, body="@li.wei please look")

    assert Notice.objects.filter(recipient=called).count() == 2


def test_who_is_given_a_case_is_told_and_who_takes_it_is_not() -> None:
    lead, agent = make_user(Role.LEAD), make_user()
    ticket = make_ticket(lead)

    handling.assign(ticket.pk, actor=agent, assignee=agent)
    handling.assign(ticket.pk, actor=lead, assignee=None)
    handling.assign(ticket.pk, actor=lead, assignee=agent)

    (told,) = Notice.objects.all()
    assert told.recipient == agent
    assert told.title == f"{ticket.number} is yours now"
    assert (told.body, told.urgency) == (f"{lead} gave it to you.", "low")


def test_refused_assignment_tells_nobody() -> None:
    lead, agent = make_user(Role.LEAD), make_user()
    ticket = make_ticket(lead)
    handling.assign(ticket.pk, actor=agent, assignee=agent)

    with pytest.raises(InvalidTransition):
        handling.assign(ticket.pk, actor=lead, assignee=agent)

    assert Notice.objects.count() == 0
