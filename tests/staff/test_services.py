"""People: created, changed, sent away and taken back by administrators, each time recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken

from aftersales.kernel.errors import DomainError, InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent, JournalEntry
from staff.models import User
from staff.roles import Role
from staff.services import (
    change_user,
    create_user,
    deactivate_user,
    reactivate_user,
    set_password,
    system_actor,
)
from staff.tokens import issue_token
from tests.factories.people import make_department, make_user
from tests.factories.staff import make_team

pytestmark = pytest.mark.django_db


def state_of(user: User) -> tuple[Any, ...]:
    """What a refusal must leave alone."""
    user.refresh_from_db()
    values = tuple(getattr(user, field.attname) for field in User._meta.concrete_fields)
    return (*values, User.history.count(), JournalEntry.objects.count(), AuditEvent.objects.count())


def test_a_new_person_can_sign_in_and_is_recorded() -> None:
    admin = make_user(Role.ADMINISTRATOR)

    create_user(User(username="li", roles=[Role.AGENT]), "correct horse 9", actor=admin)

    user = User.objects.get(username="li")
    assert user.check_password("correct horse 9")
    assert user.history.get().actor_name == admin.audit_name
    event = AuditEvent.objects.get(code="staff.user_created")
    assert (event.subject_id, event.data) == (user.pk, {"roles": ["agent"]})


def test_a_change_saves_and_records_what_differs() -> None:
    admin, user = make_user(Role.ADMINISTRATOR), make_user()

    values = {"roles": [Role.LEAD], "capacity": 30, "display_name": "Li"}
    change_user(user.pk, values, actor=admin, note="leads the team now")

    user.refresh_from_db()
    assert (user.roles, user.display_name) == (["lead"], "Li")
    event = AuditEvent.objects.get(code="staff.user_changed")
    assert event.data == {"fields": ["display_name", "roles"]}


def test_a_change_of_nothing_is_not_recorded() -> None:
    admin, user = make_user(Role.ADMINISTRATOR), make_user()
    before = state_of(user)

    change_user(user.pk, {"capacity": user.capacity}, actor=admin)

    assert state_of(user) == before


def test_roles_change_for_a_reason_only() -> None:
    admin, user = make_user(Role.ADMINISTRATOR), make_user()
    before = state_of(user)

    with pytest.raises(RuleViolated) as refusal:
        change_user(user.pk, {"roles": [Role.LEAD]}, actor=admin, note=" no ")

    assert (refusal.value.code, refusal.value.field) == ("reason_missing", "note")
    assert state_of(user) == before


def test_a_team_of_another_department_is_refused() -> None:
    admin, user = make_user(Role.ADMINISTRATOR), make_user()
    team = make_team(make_department("warehouse", kind="warehouse"))
    before = state_of(user)

    with pytest.raises(RuleViolated) as refusal:
        change_user(user.pk, {"team": team}, actor=admin)

    assert (refusal.value.code, refusal.value.field) == ("team_elsewhere", "team")
    assert state_of(user) == before


def test_an_administrator_cannot_take_the_role_from_oneself() -> None:
    admin = make_user(Role.ADMINISTRATOR)
    before = state_of(admin)

    with pytest.raises(RuleViolated, match="from yourself"):
        change_user(admin.pk, {"roles": [Role.AGENT]}, actor=admin, note="steps back")

    assert state_of(admin) == before


@pytest.mark.parametrize("field", ["is_active", "password"])
def test_other_fields_cannot_be_changed_this_way(field: str) -> None:
    admin, user = make_user(Role.ADMINISTRATOR), make_user()
    before = state_of(user)

    with pytest.raises(RuleViolated, match="cannot be changed"):
        change_user(user.pk, {field: None}, actor=admin)

    assert state_of(user) == before


def test_abuse_75_a_deactivated_user_is_signed_out_at_once_and_can_come_back() -> None:
    admin, user = make_user(Role.ADMINISTRATOR), make_user()
    client = Client()
    client.force_login(user)
    assert client.get("/admin/").status_code == 200

    deactivate_user(user.pk, actor=admin, note="has left")
    assert client.get("/admin/").status_code == 302

    reactivate_user(user.pk, actor=admin, note="came back")
    user.refresh_from_db()
    assert user.is_active is True
    events = AuditEvent.objects.filter(code__startswith="staff.user_").order_by("id")
    assert list(events.values_list("code", "note")) == [
        ("staff.user_deactivated", "has left"),
        ("staff.user_reactivated", "came back"),
    ]


def test_deactivating_oneself_or_twice_is_refused() -> None:
    admin, user = make_user(Role.ADMINISTRATOR), make_user()
    deactivate_user(user.pk, actor=admin, note="has left")
    before = state_of(user)

    with pytest.raises(InvalidTransition):
        deactivate_user(user.pk, actor=admin, note="again")
    with pytest.raises(RuleViolated, match="yourself"):
        deactivate_user(admin.pk, actor=admin, note="myself")
    with pytest.raises(InvalidTransition):
        reactivate_user(admin.pk, actor=admin, note="is active")

    assert state_of(user) == before


MACHINE_VERBS: dict[str, Callable[[User, User], Any]] = {
    "reactivate": lambda machine, boss: reactivate_user(machine.pk, actor=boss, note="needed"),
    "password": lambda machine, boss: set_password(machine.pk, "a new password 1", actor=boss),
    "rename": lambda machine, boss: change_user(machine.pk, {"username": "robot"}, actor=boss),
    "roles": lambda machine, boss: change_user(
        machine.pk, {"roles": [Role.AGENT]}, actor=boss, note="needed"
    ),
}


@pytest.mark.parametrize("verb", MACHINE_VERBS)
def test_nobody_turns_the_machine_into_a_person(verb: str) -> None:
    machine, boss = system_actor(), make_user(Role.ADMINISTRATOR)
    before = state_of(machine)

    with pytest.raises(RuleViolated) as refusal:
        MACHINE_VERBS[verb](machine, boss)

    assert refusal.value.code == "machine"
    assert state_of(machine) == before


@pytest.mark.parametrize("name", ["system", "System"])
def test_nobody_takes_the_name_of_the_machine(name: str) -> None:
    boss, user = make_user(Role.ADMINISTRATOR), make_user()
    before = state_of(user)

    with pytest.raises(RuleViolated) as created:
        create_user(User(username=name, roles=[Role.AGENT]), "a new password 1", actor=boss)
    with pytest.raises(RuleViolated) as renamed:
        change_user(user.pk, {"username": name}, actor=boss)

    assert (created.value.field, renamed.value.field) == ("username", "username")
    assert state_of(user) == before
    assert not User.objects.filter(username=name, is_active=True).exists()


def test_a_machine_opened_in_the_database_lets_nobody_in(client: Client) -> None:
    machine = system_actor()
    machine.is_active = True
    machine.set_password("a new password 1")
    machine.save()
    key = {"username": machine.username, "password": "a new password 1"}

    answer = client.post("/api/v1/auth/token/", key, content_type="application/json")

    assert answer.status_code == 401
    assert not client.login(**key)
    with pytest.raises(RuleViolated):
        issue_token(machine, actor=machine)
    assert AuthToken.objects.count() == 0


def test_people_set_their_own_password_and_nobody_elses() -> None:
    user, other = make_user(), make_user()

    set_password(user.pk, "a new password 1", actor=user)
    before = state_of(other)
    with pytest.raises(NotPermitted):
        set_password(other.pk, "a new password 1", actor=user)

    user.refresh_from_db()
    assert user.check_password("a new password 1")
    assert state_of(other) == before


def test_nobody_takes_away_their_own_password() -> None:
    admin = make_user(Role.ADMINISTRATOR)
    before = state_of(admin)

    with pytest.raises(RuleViolated, match="your own password"):
        set_password(admin.pk, None, actor=admin)

    assert state_of(admin) == before


def test_tokens_end_with_the_old_password() -> None:
    user, other = make_user(), make_user()
    for one in (user, other):
        issue_token(one, actor=one)

    set_password(user.pk, "a new password 1", actor=user)

    assert [token.user for token in AuthToken.objects.all()] == [other]


VERBS: list[Callable[[User, User], Any]] = [
    lambda user, actor: create_user(User(username="n"), "correct horse 9", actor=actor),
    lambda user, actor: change_user(user.pk, {"capacity": 1}, actor=actor),
    lambda user, actor: set_password(user.pk, "correct horse 9", actor=actor),
    lambda user, actor: deactivate_user(user.pk, actor=actor, note="no right"),
    lambda user, actor: reactivate_user(user.pk, actor=actor, note="no right"),
]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", [None, Role.AGENT, Role.LEAD, Role.AUDITOR, "system"])
def test_people_are_managed_by_administrators_only(
    verb: Callable[[User, User], Any], role: str | None
) -> None:
    user = make_user()
    actor = system_actor() if role == "system" else make_user(roles=[role] if role else [])
    before = state_of(user)

    with pytest.raises(DomainError):
        verb(user, actor)

    assert state_of(user) == before
