"""The queue: who sees which lines, in which order, at which price."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.kernel.clock import now
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket, make_ticket_in
from tickets import words
from tickets.models import SavedView, Tag, Ticket
from tickets.queries.keyset import Cursor, fetch
from tickets.queries.queue import Scope, views_for
from tickets.services import handling
from tickets.statuses import UNFINISHED

pytestmark = pytest.mark.django_db
QUEUE = "/admin/tickets/ticket/"


def sign_in(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


def numbers(client: Client, **params: Any) -> list[str]:
    """Case numbers the page lists, in order."""
    response = client.get(QUEUE, params)
    assert response.status_code == 200
    return [row.number for row in response.context["rows"]]


def test_queue_asks_strangers_to_sign_in() -> None:
    response = Client().get(QUEUE)

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_queue_shows_the_own_department_and_nothing_of_another() -> None:
    agent = make_user()
    mine = make_ticket(agent)
    elsewhere = make_ticket(make_user(department=make_department("logistics")))
    handling.route(
        elsewhere.pk,
        actor=make_user(Role.LEAD, department=elsewhere.department),
        department=make_department("logistics"),
    )
    stranger = make_user(Role.WAREHOUSE, department=make_department("warehouse", kind="warehouse"))

    assert numbers(sign_in(agent), status="any") == [mine.number]
    assert numbers(sign_in(stranger), status="any") == []


def test_queue_shows_auditors_everything_and_offers_no_change() -> None:
    first, second = make_ticket(), make_ticket(make_user(department=make_department("logistics")))
    client = sign_in(make_user(Role.AUDITOR, department=None))

    assert set(numbers(client, status="any")) == {first.number, second.number}
    page = client.get(QUEUE, {"status": "any"}).content.decode()
    assert 'name="verb"' not in page
    assert "/add/" not in page


def test_queue_scope_is_that_of_visible_to() -> None:
    agent = make_user()
    warehouse = make_department("warehouse", kind="warehouse")
    helper = make_user(Role.WAREHOUSE, department=warehouse)
    followed, unseen = make_ticket(agent), make_ticket(agent)
    handling.watch(followed.pk, actor=agent, user=helper)

    for user in (agent, helper, make_user(Role.AUDITOR), make_user(Role.SERVICE_ACCOUNT)):
        expected = set(Ticket.objects.visible_to(user).values_list("pk", flat=True))
        assert set(Scope.of(user).tickets().values_list("pk", flat=True)) == expected
    assert numbers(sign_in(helper), status="any") == [followed.number]
    assert unseen.number not in numbers(sign_in(helper), status="any")


def test_queue_has_no_full_name_and_a_masked_customer() -> None:
    agent = make_user()
    make_ticket(agent, customer=make_customer(agent, name="李小明", email="lixm@example.cn"))

    page = sign_in(agent).get(QUEUE, {"status": "any"}).content.decode()

    assert "李**" in page
    assert "李小明" not in page
    assert "lixm@example.cn" not in page


@pytest.mark.parametrize("params", [{"view": "due"}, {"status": "any"}, {"q": "jacket"}])
def test_queue_costs_the_same_at_one_row_and_at_three(params: dict[str, str]) -> None:
    agent = make_user()
    client = sign_in(agent)

    def cost() -> int:
        from django.core.cache import cache  # noqa: PLC0415 -- beside its only use

        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(QUEUE, params)
        return len(queries)

    make_ticket(agent)
    one = cost()
    make_ticket(agent)
    make_ticket(agent)

    assert cost() == one <= 15


def dated(ticket: Ticket, hours: float | None) -> Ticket:
    ticket.due_at = None if hours is None else now() + timedelta(hours=hours)
    ticket.save(update_fields=["due_at"])
    return ticket


def test_queue_shows_the_nearest_promise_first_and_undated_last() -> None:
    agent = make_user()
    never, later, late = (dated(make_ticket(agent), hours) for hours in (None, 30, -2))
    client = sign_in(agent)

    assert numbers(client, sort="due") == [late.number, later.number, never.number]
    page = client.get(QUEUE, {"sort": "due"}).content.decode()
    assert "late by 2 h" in page


def test_due_next_is_what_is_late_or_due_within_a_day() -> None:
    agent = make_user()
    hours = (None, 24.1, 23.9, 1, -2)
    _never, _later, today, next_one, late = (dated(make_ticket(agent), one) for one in hours)
    finished = dated(make_ticket_in("resolved", agent), 2)
    client = sign_in(agent)

    response = client.get(QUEUE, {"view": "due"})

    shown = [row.number for row in response.context["rows"]]
    assert shown == [late.number, next_one.number, today.number]
    assert [tab.count for tab in response.context["tabs"] if tab.is_current] == ["3"]
    assert finished.number not in numbers(client, soon="1", status="any", sort="activity")
    assert "Due within 24 hours" in client.get(QUEUE, {"soon": "1"}).content.decode()


@pytest.mark.parametrize("by_due", [True, False])
def test_keyset_pages_meet_without_gap_or_overlap_both_ways(by_due: bool) -> None:
    agent = make_user()
    moment = now()
    for index in range(11):
        ticket = make_ticket(agent)
        # Equal keys and undated cases lie on the borders of pages of three.
        ticket.due_at = None if index >= 7 else moment + timedelta(hours=index // 2)
        ticket.save(update_fields=["due_at"])
        Ticket.objects.filter(pk=ticket.pk).update(
            updated_at=moment - timedelta(minutes=index // 3)
        )
    cases = Ticket.objects.filter(status__in=UNFINISHED)
    whole = fetch(cases, by_due=by_due, cursor=None, size=50).tickets

    seen, page = [], fetch(cases, by_due=by_due, cursor=None, size=3)
    pages = [page]
    seen.extend(page.tickets)
    while page.following and len(pages) < 9:
        page = fetch(cases, by_due=by_due, cursor=Cursor.parse(page.following), size=3)
        pages.append(page)
        seen.extend(page.tickets)
    assert [len(found.tickets) for found in pages] == [3, 3, 3, 2]
    assert seen == whole

    back = pages[-1]
    for expected in reversed(pages[:-1]):
        back = fetch(cases, by_due=by_due, cursor=Cursor.parse(back.previous), size=3)
        assert back.tickets == expected.tickets
    assert back.previous == ""


def test_late_cases_are_the_beginning_of_the_list_by_due_time() -> None:
    agent = make_user()
    late = [dated(make_ticket(agent), -hours) for hours in range(27, 0, -1)]
    for hours in (1, None):
        dated(make_ticket(agent), hours)
    resolved = dated(make_ticket_in("resolved", agent), -5)
    client, names = sign_in(agent), [ticket.number for ticket in late]

    first = client.get(QUEUE, {"late": "1"}).context
    second = client.get(first["following_url"]).context
    back = client.get(second["previous_url"]).context

    pages = [[row.number for row in page["rows"]] for page in (first, second, back)]
    assert pages == [names[:25], names[25:], names[:25]]
    assert (first["previous_url"], second["following_url"]) == ("", "")
    assert set(numbers(client, late="1", sort="activity")) < set(names)
    assert resolved.number in numbers(client, status="any", sort="activity")


@pytest.mark.parametrize("by_due", [True, False])
def test_a_page_is_chosen_by_keys_alone(by_due: bool) -> None:
    """One column more, and every row that a filter leaves out would be fetched to see it."""
    make_ticket()
    with CaptureQueriesContext(connection) as asked:
        fetch(Ticket.objects.all(), by_due=by_due, cursor=None)

    chosen = asked.captured_queries[0]["sql"]
    assert chosen.startswith('SELECT "tickets_ticket"."id" AS "pk" FROM')


@pytest.mark.parametrize("text", ["", "x", "AAAA", "MXx8NQ", "A" * 5000, "MXwyMDI2fDU"])
def test_keyset_takes_a_broken_cursor_for_the_first_page(text: str) -> None:
    assert Cursor.parse(text) is None or isinstance(Cursor.parse(text), Cursor)
    assert sign_in(make_user()).get(QUEUE, {"at": text}).status_code == 200


def test_queue_filters_by_everything_the_bar_offers() -> None:
    lead = make_user(Role.LEAD)
    Tag.objects.create(slug="vip")
    wanted = make_ticket(lead, kind="repair_request", channel="counter", priority="urgent")
    handling.change_details(wanted.pk, handling.Details(tags=["vip"]), actor=lead)
    handling.assign(wanted.pk, actor=lead, assignee=lead)
    make_ticket(lead)
    client = sign_in(lead)

    for params in (
        {"kind": "repair_request"},
        {"channel": "counter"},
        {"priority": "urgent"},
        {"tag": "vip"},
        {"assignee": "me"},
        {"assignee": lead.username},
        {"status": "open"},
    ):
        assert numbers(client, **params) == [wanted.number], params
    assert len(numbers(client, department="service")) == 2
    assert numbers(client, department="nowhere") == []
    assert numbers(client, since="2099-01-01") == []
    assert len(numbers(client, since="not a day")) == 2


def test_queue_tabs_count_what_they_show() -> None:
    agent = make_user()
    mine, free = make_ticket(agent), make_ticket(agent)
    handling.assign(mine.pk, actor=agent, assignee=agent)
    make_ticket_in("resolved", make_user(Role.LEAD))
    client = sign_in(agent)

    response = client.get(QUEUE, {"view": "unassigned"})

    assert [row.number for row in response.context["rows"]] == [free.number]
    counts = {tab.url.rpartition("=")[2]: tab.count for tab in response.context["tabs"]}
    assert counts == {
        "mine": "1",
        "unassigned": "1",
        "due": "2",
        "late": "0",
        "waiting": "0",
        "open": "2",
        "resolved": "1",
        "all": "3",
    }


def test_queue_shows_a_view_only_to_its_roles() -> None:
    SavedView.objects.create(code="leads", name="Leads", roles=["lead"], params={"status": "any"})

    def tabs(user: User) -> list[str]:
        return [tab.label for tab in sign_in(user).get(QUEUE).context["tabs"]]

    assert "Leads" in tabs(make_user(Role.LEAD))
    assert "Leads" not in tabs(make_user())


def test_own_views_stand_first_and_the_list_opens_as_before() -> None:
    agent = make_user()
    opened = views_for(agent)[0]
    SavedView.objects.create(
        code="my-own", name="My own", visibility="own", owner=agent, params={}, position=99
    )

    page = sign_in(agent).get(QUEUE)

    tabs = page.context["tabs"]
    assert tabs[0].label == "My own"
    assert [tab.label for tab in tabs if tab.is_current] == [str(opened)]


def test_tabs_are_the_views_in_sight_meant_for_the_role() -> None:
    """The statement of ``views_for`` says what ``visible_to`` says."""
    agent, lead = make_user(), make_user(Role.LEAD)
    stranger = make_user(department=make_department("logistics"))
    shapes = [
        {"visibility": "team", "department": agent.department},
        {"visibility": "own", "owner": agent},
        {"visibility": "own", "owner": lead, "roles": ["lead"]},
        {"visibility": "all", "roles": ["lead", "agent"]},
        {"visibility": "all", "roles": ["finance"]},
        {"visibility": "all", "is_active": False},
    ]
    for number, shape in enumerate(shapes):
        SavedView.objects.create(code=f"v{number}", name=f"V{number}", params={}, **shape)

    def expected(user: User) -> list[SavedView]:
        seen = SavedView.objects.visible_to(user).filter(is_active=True)
        return [view for view in seen if not view.roles or set(view.roles) & set(user.roles)]

    for user in (agent, lead, stranger):
        assert views_for(user) == expected(user)
    assert {"v0", "v1", "v3"} <= {view.code for view in views_for(agent)}
    assert {view.code for view in views_for(stranger)} & {f"v{n}" for n in range(6)} == {"v3"}


def test_case_page_is_addressed_by_number_never_by_pk() -> None:
    agent = make_user()
    ticket = make_ticket(agent)

    assert sign_in(agent).get(f"{QUEUE}{ticket.pk}/change/").status_code == 404


def test_empty_queue_says_what_to_do() -> None:
    page = sign_in(make_user()).get(QUEUE).content.decode()

    assert "Nothing to do here" in page
    assert "record a new case" in page


def test_filters_do_not_lie_over_the_word_that_nothing_was_found() -> None:
    page = sign_in(make_user()).get(QUEUE, {"q": "zzzz"}).content.decode()

    assert "No case found" in page
    assert '<details class="q-filters">' in page


def test_markup_in_what_people_typed_is_shown_not_run() -> None:
    agent = make_user(display_name='"><i>Ann')
    ticket = make_ticket(agent, subject="<script>alert(1)</script>")
    handling.assign(ticket.pk, actor=agent, assignee=agent)
    client = sign_in(agent)

    for page in (client.get(QUEUE, {"status": "any"}), client.get("/admin/")):
        html = page.content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "&quot;&gt;&lt;i&gt;Ann" in html
        assert "<script>alert" not in html
        assert "<i>Ann" not in html


@pytest.mark.parametrize(
    ("late", "shown"),
    [
        (30, "late by 30 s"),
        (60, "late by 1 min"),
        (5400, "late by 1 h 30 min"),
        (176400, "late by 2 d 1 h"),
        (172800, "late by 2 d"),
    ],
)
def test_lateness_is_never_nothing(late: int, shown: str) -> None:
    moment = now()

    assert words.due_words(moment - timedelta(seconds=late), moment).text == shown
