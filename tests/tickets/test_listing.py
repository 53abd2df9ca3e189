"""From case to case: the next one is of the list somebody came from, in its order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from aftersales.kernel.clock import now
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tests.tickets.case_page import address, page_of, shown, signed_in
from tickets.models import Ticket
from tickets.queries.listing import place_of
from tickets.services import handling
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db


def case(agent: User, due_in: float | None, moved_ago: float = 0, **overrides: str) -> Ticket:
    """A case due in so many hours, last touched so many hours ago."""
    ticket = make_ticket(agent, **overrides)
    due_at = None if due_in is None else now() + timedelta(hours=due_in)
    updated_at = now() - timedelta(hours=moved_ago)
    Ticket.objects.filter(pk=ticket.pk).update(due_at=due_at, updated_at=updated_at)
    ticket.refresh_from_db()
    return ticket


def go(client: Client, ticket: Ticket, way: str, **params: str) -> str:
    return client.get(address(ticket, f"go/{way}"), params).url


def walk(client: Client, first: Ticket, way: str, **params: str) -> list[str]:
    """Numbers from a case on until the list ends."""
    found, here = [first.number], first
    while (url := go(client, here, way, **params)) != page_of(here) and len(found) < 9:
        here = next(one for one in Ticket.objects.all() if url == page_of(one))
        found.append(here.number)
    return found


def test_without_a_list_the_nearest_promise_is_next() -> None:
    agent = make_user()
    late, soon, middle, never = (case(agent, hours) for hours in (9, 1, 5, None))
    client, order = signed_in(agent), [one.number for one in (soon, middle, late, never)]

    assert walk(client, soon, "next") == order
    assert walk(client, never, "previous") == order[::-1]


@pytest.mark.parametrize(
    ("params", "order"),
    [
        ({"kind": "consultation"}, "acd"),
        ({"kind": "consultation", "sort": "activity"}, "dac"),
        ({"filtered": "1", "status": "any", "kind": "consultation", "at": "x"}, "dac"),
        ({"view": "due"}, "abc"),
        ({"view": "open"}, "bdac"),
        ({"late": "1"}, "ab"),
        ({"q": "zipper"}, "bd"),
    ],
)
def test_walk_stays_inside_the_list_and_its_order(params: dict[str, str], order: str) -> None:
    agent = make_user()
    cases = {
        "a": case(agent, -3, 3, kind="consultation"),
        "b": case(agent, -1, 1, kind="complaint", subject="The zipper is torn"),
        "c": case(agent, 5, 4, kind="consultation"),
        "d": case(agent, 50, 2, kind="consultation", subject="A zipper to buy"),
    }
    make_ticket(make_user(department=make_department("elsewhere")))
    client, numbers = signed_in(agent), [cases[name].number for name in order]

    assert walk(client, cases[order[0]], "next", **params) == numbers
    assert walk(client, cases[order[-1]], "previous", **params) == numbers[::-1]


def test_empty_view_is_the_first_one() -> None:
    agent = make_user()
    mine, _free, also_mine = (case(agent, hours) for hours in (1, 2, 3))
    for ticket in (mine, also_mine):
        handling.assign(ticket.pk, actor=agent, assignee=agent)
        Ticket.objects.filter(pk=ticket.pk).update(due_at=ticket.due_at)

    assert go(signed_in(agent), mine, "next", view="") == page_of(also_mine)


def test_what_was_done_on_a_case_does_not_move_its_place() -> None:
    agent = make_user()
    first, second, third = (case(agent, hours) for hours in (1, 2, 3))
    place = place_of(second)
    assert f'data-place="{place}"' in shown(agent, second)
    handling.wait(second.pk, actor=agent, status=TicketStatus.PENDING)
    client = signed_in(agent)

    assert go(client, second, "next", **{"from": place}) == page_of(third)
    assert go(client, second, "previous", **{"from": place}) == page_of(first)
    # Moved behind all others, it is not its own neighbour.
    far = datetime.fromisoformat("2099-01-01T00:00:00+00:00")
    Ticket.objects.filter(pk=second.pk).update(due_at=far)
    assert go(client, third, "next") == page_of(second)
    assert go(client, second, "next", **{"from": place}) == page_of(third)


def test_finished_case_leads_to_the_front_of_the_list() -> None:
    lead = make_user(Role.LEAD)
    soon, _later = case(lead, 1), case(lead, 2)
    gone = case(lead, None)
    Ticket.objects.filter(pk=gone.pk).update(status="canceled")

    assert go(signed_in(lead), gone, "next") == page_of(soon)


@pytest.mark.parametrize("place", ["", "x", "~", "2026-01-01~2026-01-01", "~2026-01-01T00:00:00"])
def test_place_that_is_none_is_where_the_case_stands(place: str) -> None:
    agent = make_user()
    soon, later = case(agent, 1), case(agent, 2)

    assert go(signed_in(agent), soon, "next", **{"from": place}) == page_of(later)
