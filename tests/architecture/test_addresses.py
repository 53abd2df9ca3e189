"""Every address of the desk, tried by somebody who has no business there (reliability.md T7).

The addresses come from the resolver, so a new one is tried from its first day; a public one must be
named here, with its reason.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_investigation, make_proposal, make_ticket
from tickets.models import Ticket
from tickets.services import conversation
from tickets.services.files import NewFile, add_file

pytestmark = pytest.mark.django_db

# name → why anybody may open it
PUBLIC = {
    "login": "the sign-in page",
    "logout": "ends a session; POST only",
    "jsi18n": "words of date pickers, nothing of ours",
    "healthz": "asked by supervisors; says up or down only",
    "contact": "the public web form",
    "contact_shop": "the public web form",
    "contact_thanks": "shows the number of the visitor's own session only",
    "status_page": "the link is the key; a wrong one is 404 (tests/tickets/test_portal.py)",
    "party_page": "the link is the key; a wrong one is 404 (tests/handoffs/test_portal.py)",
    "api-token": "the sign-in of the API; POST only",
    "api-gateway-sandbox-notify": "the gateway's signature is the key; only ever a hint",
    "api-unknown": "404 in the API's error format",
}
REDIRECTS_ONLY = {"", "admin/(?P<url>.*)$"}


def addresses(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


ALL = dict(addresses())


def fill(route: str, ticket: Ticket) -> str:
    """An address with real values: the case's number, keys that exist."""
    key = str(ticket.pk)
    filled = re.sub(r"<case:number>|<str:number>", ticket.number, route)
    if route.startswith("admin/tickets/ticket/"):
        filled = re.sub(r"<path:object_id>|\(\[\^/\]\+\)", ticket.number, filled)
    filled = re.sub(r"<int:\w+>|<id:\w+>|<id>|<path:\w+>|\(\[\^/\]\+\)", key, filled)
    filled = re.sub(r"<str:label>", "tickets.ticket", filled)
    filled = re.sub(r"<slug:code>", "acknowledge", filled)
    filled = re.sub(r"<slug:way>", "next", filled)
    filled = re.sub(r"<\w+:\w+>", uuid.uuid4().hex, filled)
    filled = re.sub(r"\(\?P<app_label>[^)]*\)", "tickets", filled)
    return "/" + filled.replace("^", "").replace("$", "")


@pytest.fixture
def ticket() -> Ticket:
    """A case with one of everything on it."""
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    conversation.note(ticket.pk, actor=lead, body="internal")
    make_investigation(ticket, lead)
    make_proposal(ticket, lead)
    add_file(ticket.pk, NewFile("a.txt", b"hello"), actor=lead)
    return ticket


def is_refused(response: HttpResponse) -> bool:
    if response.status_code == 302:
        return "/admin/login/" in response["Location"]
    return response.status_code in (401, 403, 404, 405, 410)


def test_nobody_gets_in_without_signing_in(client: Client) -> None:
    ticket = make_ticket()
    before = Ticket.objects.filter(pk=ticket.pk).values().get()
    let_in = []

    for route in sorted(set(ALL) - REDIRECTS_ONLY):
        for method in (client.get, client.post):
            response = method(fill(route, ticket))
            if ALL[route].name not in PUBLIC and not is_refused(response):
                let_in.append((route, response.status_code))
            assert response.status_code < 500 or route == "healthz", route

    assert let_in == []
    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before


OF_A_CASE = sorted(
    route
    for route in ALL
    if "number>" in route or route.startswith("admin/tickets/ticket/<path:object_id>")
)


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.WAREHOUSE])
def test_a_case_of_another_department_is_not_there(
    client: Client, ticket: Ticket, role: str
) -> None:
    stranger = make_user(role, department=make_department("elsewhere"))
    client.force_login(stranger, backend="staff.backends.RoleBackend")
    let_in = []

    for route in OF_A_CASE:
        for method in (client.get, client.post):
            response = method(fill(route, ticket))
            if response.status_code == 302:
                response = client.get(response["Location"], follow=True)
            shown = b"Jacket arrived torn" in response.content
            if response.status_code not in (403, 404, 405) or shown:
                let_in.append((route, response.status_code))

    assert len(OF_A_CASE) > 50
    assert let_in == []


def test_somebody_without_a_role_cannot_even_open_the_desk(client: Client) -> None:
    client.force_login(make_user("nobody", roles=[]), backend="staff.backends.RoleBackend")

    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/tickets/ticket/").status_code == 302


def test_public_addresses_still_exist() -> None:
    names = {entry.name for entry in ALL.values()}

    assert set(PUBLIC) <= names
