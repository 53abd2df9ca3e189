"""Abuse cases 70 to 76 of reference/reliability.md section 9: people, their keys and passwords."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from knox.models import AuthToken

from aftersales.kernel.clock import now
from aftersales.schedules import prune_failures
from compliance.models import AuditEvent
from customers import uploads
from returns.models import ApprovalRequest
from returns.money_statuses import RefundStatus
from staff.roles import Role
from staff.services import system_actor
from staff.tokens import issue_token
from tests.api.calls import Caller
from tests.architecture.test_addresses import PUBLIC, addresses
from tests.factories.money import make_money_lead, make_payment, make_refund, submit
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.returns.money.approvals import decide, sign_in
from tickets.links import read_link_token
from tickets.portal.form_tokens import new_form_token, read_form_token
from tickets.services.status_links import ensure_status_link

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "correct horse battery", "guess"
ADMIN, API = "/admin/login/", "/api/v1/auth/token/"


@pytest.fixture(autouse=True)
def counted(settings: Any) -> None:
    settings.AXES_ENABLED = True


def knock(door: str, name: str, password: str, **headers: str) -> HttpResponse:
    """Somebody at a door, each time with a browser of their own."""
    cache.clear()  # the API's own throttle has its tests
    client = Client(headers={"accept-language": "en"})
    given = {"username": name, "password": password}
    kind = {"content_type": "application/json"} if door == API else {}
    answer: HttpResponse = client.post(door, given, **kind, **headers)  # type: ignore[arg-type]
    return answer


def is_in(answer: HttpResponse) -> bool:
    return answer.status_code in (201, 302)


def said(answer: HttpResponse, name: str) -> str:
    """What the answer shows, without what is different each time."""
    text = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return re.sub(r'"request_id":"\w+"', "", text).replace(name, "NAME")


@pytest.mark.parametrize("door", [ADMIN, API])
def test_abuse_70_sign_in_does_not_tell_which_names_there_are(
    door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = make_user(is_active=False)
    names = [make_user().username, gone.username, system_actor().username, "nobody"]
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    answers = []
    for name in names:
        hashed.clear()
        answer = knock(door, name, WRONG)
        answers.append((answer.status_code, said(answer, name), len(hashed)))

    assert len(set(answers)) == 1
    assert answers[0][0] == (401 if door == API else 200)
    assert AccessFailureLog.objects.count() == 4


def test_abuse_70_there_is_no_public_reset_to_flood() -> None:
    routes = {entry.name: route for route, entry in addresses(get_resolver())}

    assert not [name for name in routes if name and "reset" in name]
    assert not [name for name in PUBLIC if "password" in name]


@pytest.mark.parametrize("door", [ADMIN, API])
def test_abuse_70_address_that_guesses_many_names_rests(door: str, settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 5
    user = make_user()
    for index in range(5):
        assert not is_in(knock(door, f"name{index}", WRONG))

    refused = knock(door, user.username, RIGHT)
    assert refused.status_code == 429
    assert not AuthToken.objects.exists()
    assert not AuditEvent.objects.filter(code="staff.token_issued").exists()
    assert "sessionid" not in refused.cookies
    if door == ADMIN:
        assert "<h1>Too many wrong passwords</h1>" in refused.content.decode()
        assert "Back to the desk" in refused.content.decode()
    assert is_in(knock(door, user.username, RIGHT, REMOTE_ADDR="203.0.113.9"))
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        assert is_in(knock(door, user.username, RIGHT))


def test_abuse_70_failed_sign_ins_are_there_for_the_auditor(client: Client) -> None:
    knock(ADMIN, '<script>alert("name")</script>', WRONG)
    client.force_login(make_user(Role.AUDITOR), backend="staff.backends.RoleBackend")

    page = client.get("/admin/axes/accessfailurelog/").content.decode()

    assert "&lt;script&gt;alert(&quot;name&quot;)&lt;/script&gt;" in page
    assert '<script>alert("name")' not in page
    assert "Axes" not in page


def test_abuse_70_flood_of_failures_is_forgotten_after_the_time_the_law_asks_for() -> None:
    def kept() -> tuple[int, int]:
        return AccessAttempt.objects.count(), AccessFailureLog.objects.count()

    knock(ADMIN, "somebody", WRONG)
    seen = []
    for days in (29, 31, 399, 401):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            prune_failures()
            seen.append(kept())

    assert seen == [(1, 1), (0, 1), (0, 1), (0, 0)]


@pytest.mark.parametrize("token", ["", "x", ":", "0" * 32, ":sig", "%00"])
@pytest.mark.parametrize("door", ["s", "h"])
def test_abuse_71_empty_and_made_up_links_open_nothing(
    client: Client, door: str, token: str
) -> None:
    ensure_status_link(make_ticket(channel="web"), actor=system_actor())

    assert client.get(f"/{door}/{token}/").status_code == 404


def test_abuse_72_keys_are_random_and_long() -> None:
    user = make_user()
    keys: list[Callable[[], str]] = [
        lambda: issue_token(user, actor=user)[1],
        lambda: ensure_status_link(make_ticket(channel="web"), actor=system_actor()),
        new_form_token,
        lambda: uploads.keep(b"x"),
    ]

    for make in keys:
        assert len({make() for _ in range(20)}) == 20
    (key, link, form, upload) = (make() for make in keys)
    number = read_link_token(link.rstrip("/").rpartition("/")[2])
    shown = read_form_token(form)
    assert (number and number.version, len(key), len(upload)) == (4, 64, 32)
    assert shown
    assert len(shown[0]) == 24


def test_abuse_74_forwarded_header_neither_opens_nor_shuts_a_door(settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    user = make_user()
    for index in range(3):
        knock(ADMIN, user.username, WRONG, HTTP_X_FORWARDED_FOR=f"203.0.113.{index}")

    # Another address in the header does not open the door that is shut …
    shut = knock(ADMIN, user.username, RIGHT, HTTP_X_FORWARDED_FOR="203.0.113.77")
    assert shut.status_code == 429
    # … and whoever has an address that was named there is not shut out.
    assert is_in(knock(ADMIN, user.username, RIGHT, REMOTE_ADDR="203.0.113.0"))
    assert {row.ip_address for row in AccessFailureLog.objects.all()} == {"127.0.0.1"}


@pytest.mark.parametrize("door", ["page", "api"])
def test_abuse_76_password_above_a_limit_is_asked_at_every_door(door: str, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    lead = make_money_lead()
    refund = submit(make_refund(make_payment("900.00"), amount="600.00"))
    digest = ApprovalRequest.objects.get().digest
    browser, program = sign_in(lead), Caller(lead)
    before = AuditEvent.objects.count()

    def ask(password: str) -> Any:
        proof = {"password": password} if password else {}
        if door == "page":
            return decide(browser, refund, "approve", **proof)
        body = {"note": "fine", "digest": digest} | proof
        return program.post(f"refunds/{refund.number}/approve/", body)

    refused = [ask(password) for password in ("", WRONG, WRONG, WRONG, RIGHT)]

    for answer, words in zip(
        refused, ["Enter your password again", *["This password is wrong."] * 2], strict=False
    ):
        assert words in answer.content.decode()
    refund.refresh_from_db()
    assert refund.status == RefundStatus.SUBMITTED
    assert ApprovalRequest.objects.get().decisions.count() == 0
    assert AuditEvent.objects.count() == before
    assert AccessFailureLog.objects.filter(username=lead.username).count() == 4
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        ask(RIGHT)
    refund.refresh_from_db()
    assert refund.status == RefundStatus.APPROVED
