"""Four personas per verb: none, other department, reader without the right, the right one."""

from __future__ import annotations

import pytest

from aftersales.kernel.errors import NotPermitted
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.handoffs import make_handoff
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket_in
from tests.lifecycles.table import world
from tests.lifecycles.tickets import ALONE, TICKET
from tickets.models import Ticket
from tickets.querysets import is_seen
from tickets.services import handling
from tickets.statuses import TicketStatus as S

pytestmark = pytest.mark.django_db

# Each verb with the first status that lets it through; what needs more is shown by its own tests.
BY_STATUS = {
    verb: status
    for verb in ALONE
    if (status := next((str(one) for one in S if TICKET.rows[verb][one] in S.values), None))
}
# The customer's own words come in through the machine and through whoever takes them down.
OPEN_TO_READERS = {"receive_message"}


def test_a_case_at_hand_is_seen_by_whom_the_list_shows_it() -> None:
    asked = make_department("logistics")
    agent, creator, follower, assignee = (make_user(), *(elsewhere() for _ in range(3)))
    ticket = make_ticket_in(S.OPEN, agent)
    handling.watch(ticket.pk, actor=agent, user=follower)
    make_handoff(ticket, agent)
    Ticket.objects.filter(pk=ticket.pk).update(assignee=assignee, created_by=creator)
    ticket.refresh_from_db()
    people = {
        agent: True,
        make_user(): True,
        creator: True,
        assignee: True,
        follower: True,
        make_user(Role.LEAD, department=asked): True,
        make_user(Role.AUDITOR, department=None): True,
        system_actor(): True,
        elsewhere(): False,
        make_user(Role.AGENT, department=None): False,
        make_user("nobody", roles=[]): False,
    }

    assert {user: is_seen(ticket, user) for user in people} == people
    for user, sees in people.items():
        assert Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists() is sees


def elsewhere() -> User:
    return make_user(Role.LEAD, department=make_department("elsewhere"))


@pytest.mark.parametrize("verb", sorted(BY_STATUS))
def test_somebody_without_a_role_sees_nothing(verb: str) -> None:
    ticket = make_ticket_in(BY_STATUS[verb])
    nobody = make_user("nobody", roles=[])
    before = Ticket.objects.filter(pk=ticket.pk).values().get()

    with pytest.raises(Ticket.DoesNotExist):
        ALONE[verb](ticket, nobody)

    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before


@pytest.mark.parametrize("verb", sorted(BY_STATUS))
def test_another_department_sees_nothing(verb: str) -> None:
    ticket = make_ticket_in(BY_STATUS[verb])
    stranger = elsewhere()

    before = Ticket.objects.filter(pk=ticket.pk).values().get()

    with pytest.raises(Ticket.DoesNotExist):
        ALONE[verb](ticket, stranger)

    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before


@pytest.mark.parametrize("verb", sorted(set(BY_STATUS) - OPEN_TO_READERS))
def test_an_auditor_sees_and_may_not(verb: str) -> None:
    ticket = make_ticket_in(BY_STATUS[verb])
    auditor = make_user(Role.AUDITOR, department=None)
    assert Ticket.objects.visible_to(auditor).filter(pk=ticket.pk).exists()
    before = world(ticket)

    with pytest.raises(NotPermitted):
        ALONE[verb](ticket, auditor)

    assert world(ticket) == before


@pytest.mark.parametrize("verb", sorted(set(BY_STATUS) - {"assign"}))
def test_the_machine_may_and_is_nobodys_assignee(verb: str) -> None:
    ticket = make_ticket_in(BY_STATUS[verb])

    ALONE[verb](ticket, system_actor())
