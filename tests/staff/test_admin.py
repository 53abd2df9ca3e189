"""Pages about people: for administrators, read by auditors and leads, nothing deleted."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from compliance.models import AuditEvent, JournalEntry
from staff.admin import people
from staff.models import Absence, Department, Team, User
from staff.roles import Role
from staff.services import system_actor
from staff.tokens import issue_token
from tests.factories.people import make_department, make_user
from tests.factories.staff import make_absence, make_team

pytestmark = pytest.mark.django_db
MODELS = ["user", "department", "team", "absence"]


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def user_form(**overrides: Any) -> dict[str, Any]:
    return {
        "username": "li",
        "display_name": "Li Wei",
        "email": "",
        "roles": [Role.AGENT],
        "department": make_department().pk,
        "team": "",
        "language": "zh-hans",
        "works_in": ["zh-hans"],
        "capacity": "25",
    } | overrides


def test_a_person_is_added_with_a_password_and_recorded() -> None:
    client = signed_in(Role.ADMINISTRATOR)
    passwords = {
        "password1": "correct horse 9",
        "password2": "correct horse 9",
        "usable_password": "true",
    }

    response = client.post(reverse("admin:staff_user_add"), user_form(**passwords))

    assert response.status_code == 302
    user = User.objects.get(username="li")
    assert (user.roles, user.capacity, user.works_in) == (["agent"], 25, ["zh-hans"])
    assert user.check_password("correct horse 9")
    assert AuditEvent.objects.filter(code="staff.user_created", subject_id=user.pk).count() == 1


def test_a_change_of_roles_is_recorded_and_signed() -> None:
    client, user = signed_in(Role.ADMINISTRATOR), make_user()
    form = user_form(username=user.username, roles=[Role.LEAD, Role.AGENT], change_reason="leads")

    response = client.post(reverse("admin:staff_user_change", args=[user.pk]), form)

    assert response.status_code == 302
    user.refresh_from_db()
    assert user.roles == ["lead", "agent"]
    event = AuditEvent.objects.get(code="staff.user_changed")
    assert event.subject_id == user.pk
    assert "roles" in event.data["fields"]
    last = JournalEntry.objects.filter(table_name="staff_user", row_pk=user.pk).latest("id")
    assert last.actor_id == event.actor_id


def test_an_odd_combination_is_an_error_at_the_field() -> None:
    client, user = signed_in(Role.ADMINISTRATOR), make_user()
    team = make_team(make_department("warehouse", kind="warehouse"))
    form = user_form(username=user.username, team=team.pk)

    response = client.post(reverse("admin:staff_user_change", args=[user.pk]), form)

    assert "The team belongs to another department." in response.content.decode()
    user.refresh_from_db()
    assert user.team is None
    assert AuditEvent.objects.filter(code="staff.user_changed").count() == 0


def test_leaving_and_coming_back_are_dialogs_with_a_reason() -> None:
    client, user = signed_in(Role.ADMINISTRATOR), make_user()
    away = reverse("admin:staff_user_deactivate", args=[user.pk])
    back = reverse("admin:staff_user_reactivate", args=[user.pk])

    assert client.get(away).status_code == 200
    client.post(away, {"_form_submitted": "1", "note": ""})
    user.refresh_from_db()
    assert user.is_active is True

    client.post(away, {"_form_submitted": "1", "note": "has left"})
    user.refresh_from_db()
    assert user.is_active is False

    client.post(back, {"_form_submitted": "1", "note": "came back"})
    user.refresh_from_db()
    assert user.is_active is True
    assert AuditEvent.objects.filter(code__startswith="staff.user_").count() == 2


def test_changing_ones_own_password_is_signed_and_recorded() -> None:
    user = make_user()
    issue_token(user, actor=user)
    client = Client()
    client.force_login(user)
    words = {"new_password1": "a new password 1", "new_password2": "a new password 1"}
    url = reverse("admin:password_change")

    refused = client.post(url, {"old_password": "wrong", **words})
    assert refused.status_code == 200
    assert AuthToken.objects.count() == 1
    assert not AuditEvent.objects.filter(code="staff.password_set").exists()

    assert client.post(url, {"old_password": "correct horse battery", **words}).status_code == 302

    user.refresh_from_db()
    assert user.check_password("a new password 1")
    event = AuditEvent.objects.get(code="staff.password_set")
    change = JournalEntry.objects.filter(table_name="staff_user").latest("id")
    assert (event.actor_id, event.subject_id) == (user.pk, user.pk)
    assert (change.actor_name, change.changed) == (user.audit_name, ["password"])
    assert client.get(reverse("admin:index")).status_code == 200
    assert AuthToken.objects.count() == 0


def test_setting_a_password_is_signed_and_recorded() -> None:
    client, user = signed_in(Role.ADMINISTRATOR), make_user()
    issue_token(user, actor=user)

    led_to = client.get(reverse("admin:staff_user_set_password", args=[user.pk]))
    response = client.post(
        led_to["Location"],
        {"password1": "a new password 1", "password2": "a new password 1"},
    )

    assert response.status_code == 302
    user.refresh_from_db()
    assert user.check_password("a new password 1")
    assert AuditEvent.objects.filter(code="staff.password_set", subject_id=user.pk).count() == 1
    assert AuthToken.objects.count() == 0
    assert (
        JournalEntry.objects.filter(table_name="staff_user", actor_id=None)
        .exclude(actor_name__endswith="(shell)")
        .count()
        == 0
    )


def test_the_machine_is_looked_at_only() -> None:
    client, machine = signed_in(Role.ADMINISTRATOR), system_actor()
    before = machine.history.count()
    page = reverse("admin:staff_user_change", args=[machine.pk])
    password = {"password1": "a new password 1", "password2": "a new password 1"}

    text = client.get(page).content.decode()
    answers = [
        client.post(page, {"username": "robot", "roles": "agent"}),
        client.post(reverse("admin:auth_user_password_change", args=[machine.pk]), password),
        client.post(
            reverse("admin:staff_user_reactivate", args=[machine.pk]),
            {"_form_submitted": "1", "note": "for the night"},
        ),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "Reactivate" not in text
    assert "Set password" not in text
    machine.refresh_from_db()
    assert (machine.is_active, machine.username, machine.roles) == (False, "system", [])
    assert machine.history.count() == before


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.AUDITOR])
def test_people_are_changed_by_administrators_only(role: str) -> None:
    client, user = signed_in(role), make_user()
    before = user.history.count()

    urls = [
        reverse("admin:staff_user_add"),
        reverse("admin:staff_user_change", args=[user.pk]),
        reverse("admin:auth_user_password_change", args=[user.pk]),
        reverse("admin:staff_user_deactivate", args=[user.pk]),
        reverse("admin:staff_user_set_password", args=[user.pk]),
    ]

    for url in urls:
        response = client.post(
            url, {"_form_submitted": "1", "note": "no right to", "roles": "lead"}
        )
        assert response.status_code == 403
    assert user.history.count() == before


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_ever_deleted(model: str) -> None:
    make_team()
    made = make_absence()
    client = signed_in(Role.ADMINISTRATOR)
    before = (User.objects.count(), Absence.objects.count())
    pk = {
        "user": made.user_id,
        "department": Department.objects.get().pk,
        "team": Team.objects.get().pk,
        "absence": made.pk,
    }[model]

    response = client.post(reverse(f"admin:staff_{model}_delete", args=[pk]), {"post": "yes"})

    assert response.status_code == 403
    assert (User.objects.count(), Absence.objects.count()) == before


@pytest.mark.parametrize("model", MODELS)
def test_lists_cost_the_same_queries_at_one_row_and_at_three(
    model: str, django_assert_max_num_queries: Any
) -> None:
    def add(number: int) -> None:
        department = make_department(f"d{number}")
        team = make_team(department, code=f"t{number}")
        make_absence(make_user(department=department, team=team), deputy=make_user())

    add(1)
    client = signed_in(Role.ADMINISTRATOR)
    url = reverse(f"admin:staff_{model}_changelist")
    client.get(url)

    with django_assert_max_num_queries(15) as one:
        assert client.get(url).status_code == 200
    add(2)
    add(3)
    with django_assert_max_num_queries(15) as three:
        assert client.get(url).status_code == 200

    assert len(one) == len(three)


@pytest.mark.parametrize("model", MODELS)
def test_auditors_read_and_agents_do_not(model: str) -> None:
    url = reverse(f"admin:staff_{model}_changelist")

    assert signed_in(Role.AUDITOR).get(url).status_code == 200
    assert signed_in(Role.AGENT).get(url).status_code == 403


def test_a_lead_plans_an_absence_and_cannot_end_it_before_it_starts() -> None:
    client, user = signed_in(Role.LEAD), make_user()
    form = {
        "user": user.pk,
        "deputy": "",
        "starts_at_0": "2026-03-01",
        "starts_at_1": "00:00:00",
        "ends_at_0": "2026-02-01",
        "ends_at_1": "00:00:00",
        "reason": "holiday",
    }

    refused = client.post(reverse("admin:staff_absence_add"), form)
    assert "The end must be after the start." in refused.content.decode()
    assert Absence.objects.count() == 0

    client.post(reverse("admin:staff_absence_add"), form | {"ends_at_0": "2026-03-05"})
    assert Absence.objects.get().history.exclude(actor_name="").count() == 1


def test_a_password_can_be_taken_away() -> None:
    client, user = signed_in(Role.ADMINISTRATOR), make_user()
    issue_token(user, actor=user)

    client.post(
        reverse("admin:auth_user_password_change", args=[user.pk]),
        {"usable_password": "false", "unset-password": "1"},
    )

    user.refresh_from_db()
    assert not user.has_usable_password()
    assert AuditEvent.objects.filter(code="staff.password_set", subject_id=user.pk).count() == 1
    assert AuthToken.objects.count() == 0


def test_nobody_gives_oneself_a_role_and_the_form_says_so() -> None:
    admin = make_user(Role.ADMINISTRATOR)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(admin)
    form = user_form(
        username=admin.username,
        department=admin.department_id,
        roles=[Role.ADMINISTRATOR, Role.AUDITOR],
        change_reason="wants to see all",
    )
    before = admin.history.count()

    response = client.post(reverse("admin:staff_user_change", args=[admin.pk]), form)

    assert (response.status_code, "You cannot give yourself a role." in response.text) == (
        200,
        True,
    )
    assert admin.history.count() == before


def test_own_password_is_not_taken_away_and_the_form_says_so() -> None:
    admin = make_user(Role.ADMINISTRATOR)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(admin)

    response = client.post(
        reverse("admin:auth_user_password_change", args=[admin.pk]),
        {"usable_password": "false", "unset-password": "1"},
    )

    assert response.status_code == 200
    assert "You cannot take your own password away." in response.text
    admin.refresh_from_db()
    assert admin.has_usable_password()


def test_who_lost_the_right_while_the_form_was_open_is_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin, user = make_user(Role.ADMINISTRATOR), make_user()
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(admin)
    plain, before = people.change_user, user.history.count()

    def too_late(*args: Any, **kwargs: Any) -> User:
        User.objects.filter(pk=admin.pk).update(roles=[Role.AGENT])
        return plain(*args, **kwargs)

    monkeypatch.setattr(people, "change_user", too_late)
    form = user_form(username=user.username, department=user.department_id, capacity="3")
    response = client.post(reverse("admin:staff_user_change", args=[user.pk]), form)

    assert (response.status_code, user.history.count()) == (403, before)
