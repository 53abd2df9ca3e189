"""An empty list says what it would show and what to do."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import translation

from aftersales.kernel.admin import DeskAdmin
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_follow_up, make_ticket

pytestmark = pytest.mark.django_db
FOLLOW_UPS = "/admin/tickets/followup/"
# Their pages are our own and say themselves that there is nothing.
OWN_PAGES = {
    "clocks.clockrule",
    "compliance.auditevent",
    "compliance.heartbeat",
    "compliance.journalentry",
    "handoffs.responsibilityrule",
    "returns.approvalrequest",
    "staff.notice",
    "tickets.ticket",
}
# Whoever looks is in them.
READERS_OWN = {"staff.department", "staff.user"}
LISTS = {
    model._meta.label_lower: page
    for model, page in admin.site._registry.items()
    if isinstance(page, DeskAdmin) and model._meta.label_lower not in OWN_PAGES
}


def page_of(user: User, url: str, language: str) -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return unescape(client.get(url).content.decode())


@pytest.mark.parametrize("label", LISTS)
def test_every_list_has_words_for_when_it_is_empty_in_both_languages(label: str) -> None:
    words = LISTS[label].when_empty

    with translation.override("en"):
        english = str(words)
    with translation.override("zh-hans"):
        chinese = str(words)

    assert english.endswith(".")
    assert chinese.endswith("。")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("label", LISTS)
def test_an_empty_list_shows_its_words(label: str, language: str) -> None:
    page: Any = LISTS[label]
    if page.model.objects.exists() or label in READERS_OWN:
        return
    reader = next(
        user
        for user in map(make_user, (Role.ADMINISTRATOR, Role.AUDITOR, Role.LEAD))
        if user.has_perm(f"{label.split('.')[0]}.view_{label.split('.')[1]}")
    )
    model = label.replace(".", "/")

    shown = page_of(reader, f"/admin/{model}/", language)

    with translation.override(language):
        assert str(page.when_empty) in shown


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "at first only your own. Choose “Everybody” under Filters"),
        ("zh-hans", "默认只显示您自己的。请在筛选中选择“所有人”"),
    ],
)
def test_no_follow_up_of_ones_own_does_not_mean_that_there_is_none(
    language: str, words: str
) -> None:
    department = make_department()
    mine, other = (make_user(department=department) for _ in range(2))
    follow_up = make_follow_up(
        make_ticket(department=department), other, text="Ask how the jacket fits"
    )

    shown = page_of(mine, FOLLOW_UPS, language)
    all_of_them = page_of(mine, f"{FOLLOW_UPS}?who=all", language)

    assert words in shown
    assert follow_up.text not in shown
    assert follow_up.text in all_of_them
    assert words not in all_of_them


def test_who_sees_everybodys_follow_ups_is_told_so() -> None:
    shown = page_of(make_user(Role.AUDITOR), FOLLOW_UPS, "en")

    assert "Planned follow-ups of everybody show here." in shown
