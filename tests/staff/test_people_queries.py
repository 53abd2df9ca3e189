"""Whom to tell: leads, deputies, administrators, and who is away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff import queries
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.staff import make_absence

pytestmark = pytest.mark.django_db
# Within the ten days of ``make_absence``.
MARCH = datetime(2026, 3, 5, 12, tzinfo=UTC)
APRIL = datetime(2026, 4, 5, 12, tzinfo=UTC)


def make_lead(**overrides: Any) -> User:
    return make_user(Role.LEAD, **overrides)


def test_leads_are_the_leads_of_the_department_who_are_there() -> None:
    first, second, away = make_lead(), make_lead(), make_lead()
    make_absence(away)
    make_lead(department=make_department("logistics"))
    make_lead(is_active=False)
    make_user()

    assert queries.leads_of(first.department_id, MARCH) == [first, second]
    assert queries.leads_of(first.department_id, APRIL) == [first, second, away]


def test_only_lead_away_is_replaced_by_the_deputy() -> None:
    lead, deputy = make_lead(), make_user()
    make_absence(lead, deputy=deputy)

    assert queries.leads_of(lead.department_id, MARCH) == [deputy]


@pytest.mark.parametrize("has_lead_away", [True, False])
def test_department_without_a_lead_falls_to_the_administrators(has_lead_away: bool) -> None:
    administrator = make_user(Role.ADMINISTRATOR, department=None)
    department = make_department()
    if has_lead_away:
        make_absence(make_lead(department=department))

    assert queries.leads_of(department.pk, MARCH) == [administrator]
    assert queries.leads_of(None, MARCH) == [administrator]


def test_administrators_are_told_even_while_all_are_away() -> None:
    administrator = make_user(Role.ADMINISTRATOR, department=None)
    make_absence(administrator)

    assert queries.leads_of(make_department().pk, MARCH) == [administrator]


def test_deputy_is_the_one_named_by_the_absence_of_that_time() -> None:
    user, deputy = make_user(), make_user()
    make_absence(user, deputy=deputy)

    assert queries.deputy_of(user, MARCH) == deputy
    assert queries.deputy_of(user, APRIL) is None


def test_absent_deputy_is_followed_once_to_theirs() -> None:
    user, deputy, second, third = make_user(), make_user(), make_user(), make_user()
    lead = make_lead()
    make_absence(user, deputy=deputy)
    make_absence(deputy, deputy=second)

    assert queries.deputy_of(user, MARCH) == second

    make_absence(second, deputy=third)

    assert queries.deputy_of(user, MARCH) == lead


def test_deputies_of_each_other_are_never_followed_in_a_circle() -> None:
    user, deputy, lead = make_user(), make_user(), make_lead()
    make_absence(user, deputy=deputy)
    make_absence(deputy, deputy=user)

    assert queries.deputy_of(user, MARCH) == lead


def test_deputy_who_left_stands_in_for_nobody() -> None:
    user, lead = make_user(), make_lead()
    make_absence(user, deputy=make_user(is_active=False))

    assert queries.deputy_of(user, MARCH) == lead


def test_absence_without_a_deputy_falls_to_the_lead() -> None:
    user, lead = make_user(), make_lead()
    make_absence(user)

    assert queries.deputy_of(user, MARCH) == lead


def test_only_lead_away_without_deputy_falls_to_an_administrator() -> None:
    lead, administrator = make_lead(), make_user(Role.ADMINISTRATOR, department=None)
    make_absence(lead)

    assert queries.deputy_of(lead, MARCH) == administrator


def test_nobody_stands_in_where_nobody_is_left() -> None:
    user = make_user()
    make_absence(user)

    assert queries.deputy_of(user, MARCH) is None
    assert queries.leads_of(user.department_id, MARCH) == []


def test_who_is_away_is_replaced_and_each_person_told_once() -> None:
    user, deputy = make_user(), make_user()
    make_absence(user, deputy=deputy)

    assert queries.in_place_of([user, deputy], MARCH) == [deputy]
    assert queries.in_place_of([user, deputy], APRIL) == [user, deputy]


def test_present_leaves_out_who_left_and_who_is_away_in_one_query() -> None:
    away, here, left = make_user(), make_user(), make_user(is_active=False)
    make_absence(away)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert queries.present([away, here, left], MARCH) == [here]

    assert len(asked) == 1


def test_absence_ends_at_its_end() -> None:
    user = make_user()
    absence = make_absence(user)

    assert queries.present([user], absence.starts_at) == []
    assert queries.present([user], absence.ends_at) == [user]


def test_holders_of_a_role_are_active_people_of_the_department() -> None:
    finance = make_user(Role.FINANCE)
    elsewhere = make_user(Role.FINANCE, department=make_department("finance", kind="finance"))
    make_user(Role.FINANCE, is_active=False)
    make_user()

    assert set(queries.holders_of(Role.FINANCE)) == {finance, elsewhere}
    assert list(queries.holders_of(Role.FINANCE, finance.department_id)) == [finance]


def test_departments_without_a_lead_are_reported() -> None:
    lead = make_lead()
    alone = make_department("logistics")
    make_user(department=alone)
    make_lead(department=alone, is_active=False)
    make_department("closed", is_active=False)

    assert list(queries.departments_without_lead()) == [alone]
    assert lead.department not in queries.departments_without_lead()
