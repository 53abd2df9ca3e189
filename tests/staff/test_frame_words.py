"""What stands around every page: the words of an empty list, of signing in and out."""

from __future__ import annotations

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client

from staff.roles import Role
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
FOLLOW_UPS, TAGS = "/admin/tickets/followup/", "/admin/tickets/tag/"


def page(role: str, url: str) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(role))
    return client.get(url).content.decode()


def test_an_empty_list_offers_only_what_one_may_do() -> None:
    untouched = page(Role.AGENT, FOLLOW_UPS)
    searched = page(Role.AGENT, f"{FOLLOW_UPS}?q=T-999999")

    assert "Nothing here" in untouched
    assert "Reset filters" not in untouched
    assert "Nothing found" in searched
    assert "Reset filters" in searched
    for shown in (untouched, searched):
        assert "Create a new item" not in shown
        assert f"{FOLLOW_UPS}add/" not in shown
    assert f"{TAGS}add/" in page(Role.ADMINISTRATOR, f"{TAGS}?q=nonsense")


def test_sign_in_says_why_one_is_asked() -> None:
    client = Client(headers={"accept-language": "en"})
    asked = client.get(TAGS, follow=True).content.decode()
    client.force_login(make_user(Role.ADMINISTRATOR))
    Session.objects.all().delete()
    ended = client.get(TAGS, follow=True).content.decode()
    came = Client(headers={"accept-language": "en"}).get("/admin/login/").content.decode()

    arriving, returning = "the page you asked for opens", "You were signed out."
    assert (arriving in asked, returning in asked) == (True, False)
    assert (arriving in ended, returning in ended) == (False, True)
    assert (arriving in came, returning in came) == (False, False)


def test_signing_out_and_a_wrong_password_are_said_in_plain_words() -> None:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(make_user())

    out = client.post("/admin/logout/").content.decode()
    wrong = client.post("/admin/login/", {"username": "nobody", "password": "x"}).content.decode()

    assert "您已退出登录" in out
    assert "管理" not in out.partition("<body")[2]
    assert "用户名或密码不正确，请重新输入（区分大小写）。" in wrong


def test_a_list_counts_with_a_measure_word() -> None:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(make_user())

    assert "共0条跟进事项" in client.get(FOLLOW_UPS).content.decode()
    assert "0 follow-ups" in page(Role.AGENT, FOLLOW_UPS)


def test_name_nobody_can_have_is_refused_at_sign_in_and_counted_nowhere(settings: Any) -> None:
    settings.AXES_ENABLED = True
    client = Client(headers={"accept-language": "en"})

    page = client.post("/admin/login/", {"username": "x" * 256, "password": "guess"})

    assert page.status_code == 200
    assert "at most 150 characters" in page.content.decode()
    assert AccessAttempt.objects.count() == 0
