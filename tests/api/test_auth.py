"""Coming in and going out."""

from __future__ import annotations

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from knox.models import AuthToken

from aftersales.kernel.clock import now
from compliance.models import AuditEvent
from staff.roles import Role
from staff.services import deactivate_user
from tests.api.calls import Caller
from tests.factories.people import make_user

PASSWORD = "correct horse battery"


def test_token_opens_the_door_until_logout(lead: Caller, nobody: Caller) -> None:
    given = nobody.post("auth/token/", {"username": lead.user.username, "password": PASSWORD})
    fresh = Caller(None)
    fresh.headers = {"Authorization": f"Token {given.json()['token']}"}

    assert fresh.get("me/").json()["username"] == lead.user.username
    assert fresh.post("auth/logout/").status_code == 204
    assert fresh.get("me/").status_code == 401
    assert AuditEvent.objects.filter(code="staff.token_revoked").count() == 1


def test_only_a_hash_of_the_token_is_kept(nobody: Caller) -> None:
    user = make_user()
    key = nobody.post("auth/token/", {"username": user.username, "password": PASSWORD}).json()

    assert key["token"] not in str(AuthToken.objects.values())
    assert key["token"] not in str(AuditEvent.objects.values())


def test_wrong_password_is_refused(nobody: Caller) -> None:
    user = make_user()

    response = nobody.post("auth/token/", {"username": user.username, "password": "wrong"})

    assert response.status_code == 401
    assert response.json()["error"]["code"] == "authentication_failed"
    assert not AuthToken.objects.exists()


def test_token_ends_by_itself(db: None) -> None:
    caller = Caller(make_user())

    with time_machine.travel(now().replace(year=now().year + 1), tick=False):
        response = caller.get("me/")

    assert response.status_code == 401


def test_abuse_75_tokens_of_who_leaves_die(lead: Caller) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    assert lead.get("me/").status_code == 200

    deactivate_user(lead.user.pk, actor=admin, note="left the firm")

    assert lead.get("me/").status_code == 401
    assert not AuthToken.objects.filter(user=lead.user).exists()


def test_abuse_75_inactive_user_is_turned_away_even_with_a_token(lead: Caller) -> None:
    lead.user.is_active = False
    lead.user.save()

    assert lead.get("me/").status_code == 401


@pytest.mark.parametrize("header", ["Token", "Token x", "Token a b", "Bearer x", "Token \u00ff"])
def test_bad_header_is_401_json(nobody: Caller, header: str) -> None:
    nobody.headers = {"Authorization": header}

    response = nobody.get("me/")

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Token"
    assert response.json()["error"]["code"] in ("authentication_failed", "not_authenticated")


def test_abuse_74_login_is_throttled_whatever_the_forwarded_header_says(nobody: Caller) -> None:
    codes = [
        nobody.post(
            "auth/token/", {"username": "x", "password": "y"}, X_Forwarded_For=f"10.0.0.{index}"
        ).status_code
        for index in range(12)
    ]

    assert codes == [401] * 10 + [429] * 2


@override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=3)
def test_lockout_of_a_login_name_is_json(nobody: Caller) -> None:
    user = make_user()
    wrong = {"username": user.username, "password": "wrong"}

    responses = [nobody.post("auth/token/", wrong) for _index in range(4)]

    assert responses[-1].status_code == 429
    assert responses[-1].json()["error"]["code"] == "throttled"


def test_session_of_the_desk_needs_the_csrf_token(lead: Caller) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead.user, backend="staff.backends.RoleBackend")

    assert client.get("/api/v1/me/").status_code == 200
    response = client.post("/api/v1/tickets/", {"body": "torn"}, "application/json")
    assert (response.status_code, response.json()["error"]["code"]) == (403, "permission_denied")


def test_command_makes_a_token(db: None) -> None:
    user = make_user(Role.SERVICE_ACCOUNT)
    out = StringIO()

    call_command("create_token", user.username, "--days", "30", stdout=out)

    caller = Caller(None)
    caller.headers = {"Authorization": f"Token {out.getvalue().strip()}"}
    assert caller.get("me/").json()["username"] == user.username


@pytest.mark.parametrize("days", ["0", "-1", "999999999"])
def test_command_refuses_odd_times(db: None, days: str) -> None:
    user = make_user(Role.SERVICE_ACCOUNT)

    with pytest.raises(CommandError):
        call_command("create_token", user.username, "--days", days)

    assert not AuthToken.objects.exists()


def test_command_refuses_unknown_people(db: None) -> None:
    with pytest.raises(CommandError, match="no user"):
        call_command("create_token", "ghost")
