"""Two administrators against each other at the same moment: one of them stays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from aftersales.kernel.errors import NotPermitted
from compliance.models import AuditEvent
from staff.models import User
from staff.roles import Role
from staff.services import change_user, deactivate_user, set_password, system_actor
from tests.concurrency.race import race, without_locks
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

Verb = Callable[[User, User], Any]


def deactivate(user: User, actor: User) -> Any:
    return deactivate_user(user.pk, actor=actor, note="has left")


def take_role(user: User, actor: User) -> Any:
    return change_user(user.pk, {"roles": [Role.AGENT]}, actor=actor, note="another job")


def take_password(user: User, actor: User) -> Any:
    return set_password(user.pk, None, actor=actor, note="has left")


PAIRS = [
    (deactivate, deactivate),
    (take_role, take_role),
    (take_password, take_password),
    (deactivate, take_role),
    (take_password, deactivate),
]
DONE = ["staff.user_deactivated", "staff.user_changed", "staff.password_set"]
NAMES = ["deactivate", "role", "password", "deactivate and role", "password and deactivate"]


def administrators() -> int:
    """How many can still sign in."""
    active = User.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR])
    return sum(user.has_usable_password() for user in active)


@pytest.mark.parametrize("verbs", PAIRS, ids=NAMES)
def test_two_administrators_end_each_other_one_stays(verbs: tuple[Verb, Verb]) -> None:
    system_actor()
    one, other = make_user(Role.ADMINISTRATOR), make_user(Role.ADMINISTRATOR)

    outcomes = race(lambda: verbs[0](other, one), lambda: verbs[1](one, other))

    assert [side.error for side in outcomes] == [None, None]
    assert sorted(side.won for side in outcomes) == [False, True]
    (refusal,) = [side.refusal for side in outcomes if side.refusal]
    assert isinstance(refusal, NotPermitted)
    assert administrators() == 1
    assert AuditEvent.objects.filter(code__in=DONE).count() == 1


@pytest.mark.parametrize("verbs", PAIRS, ids=NAMES)
def test_two_administrators_end_each_other_without_lock_nobody_stays(
    verbs: tuple[Verb, Verb],
) -> None:
    """Control: the test above proves the lock."""
    system_actor()
    one, other = make_user(Role.ADMINISTRATOR), make_user(Role.ADMINISTRATOR)

    with without_locks(threading.Barrier(2)):
        outcomes = race(lambda: verbs[0](other, one), lambda: verbs[1](one, other))

    assert [side.won for side in outcomes] == [True, True]
    assert administrators() == 0


def test_three_in_a_circle_leave_somebody() -> None:
    system_actor()
    first, second, third = (make_user(Role.ADMINISTRATOR) for _ in range(3))

    outcomes = race(
        lambda: deactivate(second, first),
        lambda: deactivate(third, second),
        lambda: deactivate(first, third),
    )

    assert [side.error for side in outcomes] == [None, None, None]
    assert administrators() == 3 - sum(side.won for side in outcomes) >= 1
