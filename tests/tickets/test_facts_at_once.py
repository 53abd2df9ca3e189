"""Two people have the facts of one case before them at once."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.case_page import address, signed_in, traces
from tickets.models import Tag, Ticket

pytestmark = pytest.mark.django_db


class Fields(HTMLParser):
    """What a browser would send of a form nobody touched."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        match tag:
            case "select":
                self.select = name
            case "option" if "selected" in given:
                self.values[self.select] = [given.get("value") or ""]
            case "input" if given.get("type") in ("checkbox", "radio") and "checked" not in given:
                pass
            case "input" if name:
                self.values.setdefault(name, []).append(given.get("value") or "")


def opened(user: User, ticket: Ticket, verb: str) -> dict[str, Any]:
    """The form as it came; a dialog, so that only its own fields are on it."""
    page = signed_in(user).get(address(ticket, f"do/{verb}"), headers={"X-Desk-Part": "1"})
    return read(page)


def read(page: Any) -> dict[str, Any]:
    parser = Fields()
    parser.feed(page.content.decode())
    return dict(parser.values)


def send(user: User, ticket: Ticket, verb: str, form: dict[str, Any], **typed: Any) -> Any:
    headers = {"X-Desk-Part": "1"}
    return signed_in(user).post(address(ticket, f"do/{verb}"), form | typed, headers=headers)


@pytest.fixture
def pair() -> tuple[User, User]:
    first = make_user(Role.AGENT)
    return first, make_user(Role.AGENT, department=first.department)


@pytest.fixture
def ticket(pair: tuple[User, User]) -> Ticket:
    return make_ticket(pair[0], language="en", tags=[])


def test_changes_of_different_facts_are_both_kept(pair: tuple[User, User], ticket: Ticket) -> None:
    first, second = pair
    Tag.objects.create(slug="batch-7")
    form = opened(second, ticket, "details")

    send(
        first,
        ticket,
        "details",
        opened(first, ticket, "details"),
        root_cause="Knife",
        tags="batch-7",
    )
    answer = send(second, ticket, "details", form, subject="Sleeve torn")

    assert answer.status_code == 204
    ticket.refresh_from_db()
    assert (ticket.root_cause, ticket.tags, ticket.subject) == ("Knife", ["batch-7"], "Sleeve torn")


@pytest.mark.parametrize(
    ("verb", "name", "theirs", "said", "ours"),
    [
        ("details", "root_cause", "Knife", "Knife", "Needle"),
        ("details", "responsible_party", "carrier", "Carrier", "supplier"),
        ("assess", "priority", "high", "High", "urgent"),
        ("assess", "severity", "minor", "Minor", "major"),
    ],
)
def test_a_fact_both_touched_is_refused_to_the_second_until_they_have_read_it(
    pair: tuple[User, User], ticket: Ticket, verb: str, name: str, theirs: str, said: str, ours: str
) -> None:
    first, second = pair
    form = opened(second, ticket, verb)
    send(first, ticket, verb, opened(first, ticket, verb), **{name: theirs})
    before = traces(ticket)

    refused = send(second, ticket, verb, form, **{name: ours})

    assert refused.status_code == 422
    assert f"Meanwhile somebody made this “{said}”." in refused.content.decode()
    assert traces(ticket) == before
    again = read(refused)
    assert again[name] == [ours]
    send(second, ticket, verb, again)
    ticket.refresh_from_db()
    assert getattr(ticket, name) == ours
