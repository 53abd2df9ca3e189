"""What is out of scope is not there: every page and button of an object answers 404."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.test import Client, RequestFactory
from django.urls import reverse

from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.lifecycles.cast import make_cast
from tests.lists import world
from tickets.models import Macro, RawIntake, SavedReply, SavedView, Ticket

pytestmark = pytest.mark.django_db

PAGES = {model._meta.label_lower: page for model, page in admin.site._registry.items()}
VIEWS = ("change", "history", "delete")
UNKNOWN = ("987654321", "T-987654", "9" * 30)
NOTHING_HERE = {
    "en": "<h1>There is nothing here</h1>",
    "zh-hans": "<h1>这里没有内容</h1>",
}
# Who opens these pages sees every row; whom that is refused to is refused the page.
SEEN_WHOLE = {
    "customers.customer",
    "customers.order",
    "returns.ledgerentry",
    "returns.reconciliationitem",
    "returns.statement",
    "returns.storecredit",
    "staff.delegation",
    "staff.user",
    "tickets.investigation",
    "tickets.proposal",
}
SCOPED = [
    name for name, page in PAGES.items() if hasattr(page.model._default_manager.all(), "visible_to")
]


@pytest.fixture(scope="module")
def strangers(told_once: None) -> list[User]:
    """One person per role in a department that has no part in anything; a row of everything."""
    cast = make_cast()
    world.make_tag("walked")
    world.one_more(cast, cast.lead, cast.ticket)
    for tool in (Macro, SavedReply, SavedView):
        row = tool.objects.latest("pk")
        row.visibility, row.owner = "own", cast.lead
        row.save()
    RawIntake.objects.update(ticket=cast.ticket)
    away = make_department("away")
    return [make_user(role, department=away) for role in Role if role != Role.SERVICE_ACCOUNT]


def key_of(row: Any) -> str:
    return row.number if isinstance(row, Ticket) else str(row.pk)


def may_open(page: Any, user: User) -> bool:
    request = RequestFactory().get("/admin/")
    request.user = user
    return page.has_view_or_change_permission(request)


def unseen(page: Any, user: User) -> Any:
    """A row the person's scope leaves out, if there is any."""
    rows = page.model._default_manager
    return rows.exclude(pk__in=rows.all().visible_to(user).values("pk")).first()


def answers(page: Any, user: User, key: str) -> dict[str, int]:
    """What pages and buttons of the object answer; a 404 in our words, the person's language.

    Nothing can be sent either: who has no right to change at all is told so for any id.
    """
    client = Client(headers={"accept-language": user.language})
    client.force_login(user, backend="staff.backends.RoleBackend")
    found = {}
    for view in (*VIEWS, *page.actions_detail):
        url = reverse(admin_urlname(page.opts, view), args=[key])
        answer = client.get(url)
        found[view] = answer.status_code
        assert client.post(url, {"post": "yes"}).status_code in {403, answer.status_code}, url
        if answer.status_code == 404:
            assert NOTHING_HERE[user.language] in answer.text, url
    return found


@pytest.mark.parametrize("name", PAGES)
def test_unknown_object_is_not_found(name: str) -> None:
    administrator = make_user(Role.ADMINISTRATOR, language="zh-hans")

    for key in UNKNOWN:
        assert set(answers(PAGES[name], administrator, key).values()) == {404}, key


@pytest.mark.parametrize("name", SCOPED)
def test_abuse_61_object_out_of_scope_is_not_found(name: str, strangers: list[User]) -> None:
    page = PAGES[name]
    tried = 0

    for user in strangers:
        row = unseen(page, user)
        if row is not None and may_open(page, user):
            tried += 1
            assert set(answers(page, user, key_of(row)).values()) == {404}, user

    assert bool(tried) == (name not in SEEN_WHOLE)


@pytest.mark.parametrize("name", PAGES)
def test_who_may_not_open_a_page_learns_nothing_of_its_objects(
    name: str, strangers: list[User]
) -> None:
    page = PAGES[name]
    row = page.model._default_manager.latest("pk")

    for user in strangers:
        if not may_open(page, user):
            assert answers(page, user, key_of(row)) == answers(page, user, UNKNOWN[0]), user
