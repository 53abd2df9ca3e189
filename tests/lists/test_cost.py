"""Every list there is costs the same number of queries at one row and at three, and few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.kernel.clock import now
from staff.models import User
from staff.roles import Role
from tests.api.calls import Caller
from tests.api.test_personas import ALL
from tests.factories.people import make_user
from tests.lifecycles.cast import make_cast
from tests.lists.world import make_tag, one_more
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

MOST_QUERIES = 15
FULL_PAGE = 25
# Lists of our own beside those of the admin's models.
OWN_PAGES = ("admin:returns_compensation_costs",)
# What a page that is no plain list shows of the world; duties, for one, are always the same.
ROWS: dict[str, Callable[[Any], Any]] = {
    "admin:returns_compensation_costs": lambda context: context["budgets"],
    "clocks.clockrule": lambda context: context["groups"],
    "compliance.heartbeat": lambda context: context["stuck"],
    "staff.notice": lambda context: context["page"].unread,
}
# What narrows a list to the rows that are counted: a full queue asks for less than a short one.
TABS = {"handoffs.handoff": "?place=sent", "tickets.ticket": "?tag=walked"}
# Reading addresses of the API that are no lists: route → why.
NO_API_LIST = {
    "me/": "one person",
    "schema/": "the description of the API",
    "docs/": "a page",
    "tickets/{number}/": "one case",
    "tickets/{number}/attachments/{attachment_id}/": "a file",
    "tickets/{number}/steps/": "always the same nine",
    "tickets/{number}/gates/": "always the same conditions",
    "customers/{customer_id}/": "one customer",
    "customers/": "found by an exact address: one",
    "orders/{source}/{external_id}/": "one order",
    "findings/{finding_id}/": "one finding",
    "clocks/{clock_id}/": "one promise",
    "clock-rules/{code}/": "one rule",
    "calendars/{code}/days/": "the days of a year",
    "returns/{number}/": "one return",
    "returns/{number}/sheet/": "one sheet",
    "refunds/{number}/": "one refund",
    "handoffs/{number}/": "one leg",
}


@dataclass(frozen=True)
class Cost:
    """How many rows were shown with how many queries."""

    rows: int
    queries: int


@dataclass(frozen=True)
class Measured:
    """The same list at one row of each thing and at three."""

    one: Cost
    three: Cost


def pages() -> dict[str, str]:
    """Every list a browser shows: its name → its address."""
    lists = {
        model._meta.label_lower: admin_urlname(model._meta, "changelist")
        for model in admin.site._registry
    }
    return {name: reverse(address) + TABS.get(name, "") for name, address in lists.items()} | {
        name: reverse(name) for name in OWN_PAGES
    }


def routes() -> list[str]:
    """Every list of the API, those of a case with its number left open."""
    reading = [endpoint.route for endpoint in ALL if endpoint.method == "GET"]
    return [route for route in reading if route not in NO_API_LIST]


def rows_of(name: str, response: Any) -> int:
    """How many rows somebody sees."""
    context = response.context
    if context is None:
        body = response.json()
        if isinstance(body, dict):
            body = next(value for value in body.values() if isinstance(value, list))
        return len(body)
    if name in ROWS:
        return len(ROWS[name](context))
    return len(context["rows"] if "rows" in context else context["cl"].result_list)


def cost(name: str, call: Callable[[], Any]) -> Cost:
    """As whoever comes first pays it: nothing is remembered from the request before."""
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        response = call()
    assert response.status_code == 200, response
    return Cost(rows_of(name, response), len(asked))


@pytest.fixture(scope="module")
def measured(told_once: None) -> Iterator[dict[str, Measured]]:
    """All lists, warmed up and measured with one more of everything, then with three."""
    with time_machine.travel(now(), tick=False):
        people = [role for role in Role if role != Role.SERVICE_ACCOUNT]
        cast, viewer = make_cast(), make_user(Role.LEAD, roles=people)
        busy = cast.ticket
        make_tag("walked")
        one_more(cast, viewer, busy)
        calls = doors(viewer, busy)
        for call in calls.values():
            call()
        one = {name: cost(name, call) for name, call in calls.items()}
        one_more(cast, viewer, busy)
        one_more(cast, viewer, busy)
        yield {name: Measured(one[name], cost(name, call)) for name, call in calls.items()}


def doors(viewer: User, busy: Ticket) -> dict[str, Callable[[], Any]]:
    client, caller = Client(HTTP_ACCEPT_LANGUAGE="en"), Caller(viewer)
    client.force_login(viewer, backend="staff.backends.RoleBackend")
    shown: dict[str, Callable[[], Any]] = {
        name: lambda path=path: client.get(path) for name, path in pages().items()
    }
    return shown | {
        f"GET {route}": lambda route=route: caller.get(route.format(number=busy.number))
        for route in routes()
    }


@pytest.mark.parametrize("name", [*pages(), *(f"GET {route}" for route in routes())])
def test_list_costs_the_same_at_one_row_and_three(name: str, measured: dict[str, Measured]) -> None:
    one, three = measured[name].one, measured[name].three

    assert three.queries == one.queries <= MOST_QUERIES
    assert three.rows >= one.rows + 2 or three.rows >= FULL_PAGE, three


def test_exemptions_name_lists_that_exist() -> None:
    reading = {endpoint.route for endpoint in ALL if endpoint.method == "GET"}

    assert set(NO_API_LIST) <= reading
    assert {*TABS, *ROWS} <= set(pages())
