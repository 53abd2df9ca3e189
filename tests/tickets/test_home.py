"""Home shows each role its own day; the menu shows what its pages let in."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from aftersales.admin_navigation import sidebar
from aftersales.kernel.clock import now
from staff.models import Absence, User
from staff.roles import Role
from tests.factories.calendars import settle_years
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket
from tickets.models import Draft, SavedView, Ticket
from tickets.services import conversation, follow_ups, handling

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def settled_years(db: None) -> None:
    """Whatever today is, no year lacks its list (tests/clocks shows what happens when one does)."""
    settle_years()


def sign_in(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


def titles(user: User) -> list[str]:
    return [section.title for section in sign_in(user).get("/admin/").context["sections"]]


def test_home_asks_strangers_to_sign_in() -> None:
    assert Client().get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            Role.AGENT,
            ["Due next", "Unassigned in my department", "Mentions", "Follow-ups", "Drafts left"],
        ),
        (
            Role.WAREHOUSE,
            [
                "Asked of my department",
                "Cases of my department and those I follow",
                "Mentions",
                "Follow-ups",
                "Drafts left",
            ],
        ),
        (Role.AUDITOR, ["", "Latest unattributed changes", "Go to"]),
        (Role.ADMINISTRATOR, ["", "Latest unattributed changes", "Go to"]),
        (
            Role.LEAD,
            [
                "",
                "Late or about to be",
                "Team load",
                "Money under way",
                "Approvals by age",
                "Due next",
                "Unassigned in my department",
                "Mentions",
                "Follow-ups",
                "Drafts left",
            ],
        ),
    ],
)
def test_home_differs_by_role(role: str, expected: list[str]) -> None:
    assert titles(make_user(role)) == expected


def test_home_of_an_agent_shows_what_waits_for_them_only() -> None:
    agent, colleague = make_user(), make_user()
    mine, theirs, free = make_ticket(agent), make_ticket(agent), make_ticket(agent)
    handling.assign(mine.pk, actor=agent, assignee=agent)
    handling.assign(theirs.pk, actor=colleague, assignee=colleague)
    follow_ups.plan_follow_up(
        mine.pk, actor=agent, kind="call_back", text="Call back", due_at=now() + timedelta(hours=1)
    )
    conversation.note(free.pk, actor=colleague, body=f"@{agent.username} look")
    Draft.objects.create(ticket=mine, author=agent, kind="outbound", body="Dear", updated_at=now())

    sections = {s.title: s for s in sign_in(agent).get("/admin/").context["sections"]}

    assert [row.number for row in sections["Due next"].items] == [mine.number]
    assert [r.number for r in sections["Unassigned in my department"].items] == [free.number]
    assert [line.title for line in sections["Follow-ups"].items] == ["Call back"]
    assert [line.detail for line in sections["Drafts left"].items] == ["Dear"]
    assert len(sections["Mentions"].items) == 1


def test_home_of_a_lead_shows_load_against_capacity_and_the_deputy() -> None:
    lead = make_user(Role.LEAD)
    agent = make_user(capacity=2)
    for _index in range(3):
        ticket = make_ticket(agent)
        handling.assign(ticket.pk, actor=agent, assignee=agent)
    Ticket.objects.update(due_at=now() - timedelta(hours=1))
    Absence.objects.create(
        user=agent,
        starts_at=now() - timedelta(days=1),
        ends_at=now() + timedelta(days=1),
        deputy=lead,
    )

    sections = {s.title: s for s in sign_in(lead).get("/admin/").context["sections"]}

    first = sections["Team load"].items[0]
    assert (first.person, first.open_count, first.late_count, first.tone) == (agent, 3, 3, "red")
    assert first.absence.deputy == lead
    assert len(sections["Late or about to be"].items) == 3


def test_home_of_another_department_is_empty() -> None:
    make_ticket()
    helper = make_user(Role.QUALITY, department=make_department("quality", kind="quality"))

    first = sign_in(helper).get("/admin/").context["sections"][0]

    assert list(first.items) == []


def test_home_of_the_auditor_names_a_change_made_behind_the_desk() -> None:
    ticket = make_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(subject="changed quietly")

    sections = sign_in(make_user(Role.AUDITOR)).get("/admin/").context["sections"]

    assert sections[0].items[0].value == "1"
    assert [line.detail for line in sections[1].items] == ["subject"]


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.AUDITOR, Role.WAREHOUSE])
def test_home_costs_the_same_at_one_case_and_at_three(role: str) -> None:
    user = make_user(role)
    client = sign_in(user)
    agent = make_user()

    def cost() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        return len(queries)

    make_ticket(agent)
    one = cost()
    make_ticket(agent)
    make_ticket(agent)
    assert cost() == one <= 18


def lines(client: Client) -> list[dict[str, Any]]:
    groups = sidebar(admin.site, client.get("/admin/").context["request"])
    return [item for group in groups for item in group["items"]]


def menu(user: User) -> list[str]:
    return [str(item["title"]) for item in lines(sign_in(user))]


def lit(page: HttpResponse) -> list[str]:
    """Icons of the lit lines of the menu."""
    html = page.content.decode().split('id="nav-sidebar-apps"')[1].split("</nav>")[0]
    return re.findall(r' active"><span [^>]*>(\w+)<', html)


def test_menu_shows_what_the_role_may_open() -> None:
    agent, auditor = menu(make_user()), menu(make_user(Role.AUDITOR))

    assert {"Home", "My cases", "Queue", "New case", "Follow-ups"} <= set(agent)
    assert not {"Changes", "People", "Categories"} & set(agent)
    assert {"Changes", "Events", "Queue"} <= set(auditor)
    assert "New case" not in auditor


def test_menu_lights_the_line_of_the_page_and_speaks_its_language() -> None:
    client = sign_in(make_user())
    queue = "/admin/tickets/ticket/"
    number = make_ticket(make_user()).number

    for _ in range(2):
        assert lit(client.get("/admin/")) == ["home"]
        assert lit(client.get(queue)) == ["inbox"]
        assert lit(client.get(f"{queue}{number}/change/")) == ["inbox"]
        assert lit(client.get(f"{queue}?view=mine")) == ["assignment_ind"]
        assert lit(client.get(f"{queue}add/")) == ["add_call"]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            words = gettext("My cases")
        assert f"<span>{words}</span>" in client.get(f"/admin/?lang={language}").content.decode()


def test_menus_of_two_roles_are_kept_apart() -> None:
    agent, auditor = sign_in(make_user()), sign_in(make_user(Role.AUDITOR))

    for _ in range(2):
        assert b">add_call<" in agent.get("/admin/").content
        assert b">add_call<" not in auditor.get("/admin/").content


def test_every_line_of_the_menu_opens() -> None:
    for role in (Role.AGENT, Role.LEAD, Role.AUDITOR, Role.ADMINISTRATOR, Role.FINANCE):
        client = sign_in(make_user(role))
        for item in lines(client):
            assert client.get(item["link"]).status_code == 200, (role, item["link"])


def test_sign_in_offers_demo_logins_in_the_demo_only(settings: object) -> None:
    assert "data-login" not in Client().get("/admin/login/").content.decode()
    settings.DEMO = True  # type: ignore[attr-defined]
    assert "data-login" in Client().get("/admin/login/").content.decode()


def test_page_speaks_the_language_asked_for() -> None:
    client = sign_in(make_user())

    assert '<html lang="zh-hans"' in client.get("/admin/?lang=zh-hans").content.decode()
    assert '<html lang="zh-hans"' in client.get("/admin/").content.decode()
    assert '<html lang="en"' in client.get("/admin/?lang=en").content.decode()


def test_saved_view_of_an_agent_is_their_own() -> None:
    agent, other = make_user(), make_user()
    data = {"name": "Urgent ones", "position": "5", "is_active": "on", "priority": "urgent"}
    asked = {"priority": "urgent", "since": "2026-01-01"}

    sign_in(agent).post("/admin/tickets/savedview/add/", data | {"since": "2026-01-01"})

    view = SavedView.objects.get(name="Urgent ones")
    assert (view.owner, view.visibility, view.params) == (agent, "own", asked)
    assert "Urgent ones" not in [
        tab.label for tab in sign_in(other).get("/admin/tickets/ticket/").context["tabs"]
    ]
    shared = SavedView.objects.get(code="mine")
    sign_in(agent).post(f"/admin/tickets/savedview/{shared.pk}/change/", {**data, "name": "Mine"})
    shared.refresh_from_db()
    assert shared.name == "My cases"


def test_lists_show_no_mail_address_in_full() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead, customer=make_customer(lead, email="maria@example.com"))
    handling.acknowledge(ticket.pk, actor=lead)

    page = sign_in(lead).get("/admin/tickets/outboundmail/").content.decode()

    assert "m***@example.com" in page
    assert "maria@example.com" not in page
