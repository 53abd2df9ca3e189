"""Rows read by key are what the ORM reads, and sessions end when they should."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from aftersales.kernel.clock import now
from aftersales.kernel.prepared import prepared
from aftersales.kernel.reading import by_key, by_unique, by_values
from staff.models import Team, User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def values(row: User | Ticket) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_row_by_key_equals_what_the_orm_reads() -> None:
    user, ticket = make_user(Role.AGENT), make_ticket()

    assert values(by_key(User, user.pk)) == values(User.objects.get(pk=user.pk))
    assert values(by_key(Ticket, ticket.pk)) == values(Ticket.objects.get(pk=ticket.pk))
    assert by_key(User, user.pk)._state.adding is False


def test_row_by_unique_values_is_the_one_that_has_them_all() -> None:
    ticket = make_ticket()

    assert by_unique(Ticket, number=ticket.number) == ticket
    assert by_unique(Ticket, number=ticket.number, closed_at=None) == ticket
    assert by_unique(Ticket, number=ticket.number, status="closed") is None


def test_rows_by_values_come_in_order_of_their_key() -> None:
    first, second = make_ticket(), make_ticket()
    wanted = {"department_id": first.department_id, "closed_at": None}

    assert by_values(Ticket, wanted, is_locked=True) == [first, second]


def kept_plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'staff_team'")
        return int(cursor.fetchone()[0])


def test_repeated_statements_of_a_prepared_block_keep_their_plan_others_do_not() -> None:
    before = kept_plans()
    for _ in range(5):
        assert not Team.objects.filter(code="nobody's").exists()
    assert kept_plans() == before
    with prepared():
        for _ in range(5):
            assert not Team.objects.filter(code="nobody's").exists()

    assert kept_plans() == before + 1


def test_prepared_block_ends_when_it_is_left_by_an_error() -> None:
    outside = connection.connection.cursor_factory
    with pytest.raises(Team.DoesNotExist), prepared():
        Team.objects.get(code="nobody's")

    assert connection.connection.cursor_factory is outside


def test_row_by_key_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(User.DoesNotExist):
        by_key(User, 1_000_000_000)


def test_session_past_its_end_is_nobodys(client: Client) -> None:
    client.force_login(make_user(Role.AGENT), backend="staff.backends.RoleBackend")
    assert client.get("/admin/").status_code == 200
    Session.objects.update(expire_date=now() - timedelta(seconds=1))

    assert client.get("/admin/").status_code == 302


def test_joined_rows_come_along_and_missing_ones_are_none() -> None:
    ticket = make_ticket()
    relations = ("department", "category", "customer", "assignee", "created_by")

    found = by_unique(Ticket, number=ticket.number, joined=relations)

    assert found is not None
    assert values(found) == values(Ticket.objects.get(pk=ticket.pk))
    stored = Ticket.objects.select_related(*relations).get(pk=ticket.pk)
    for relation in relations:
        assert relation in found._state.fields_cache
        mine, theirs = getattr(found, relation), getattr(stored, relation)
        assert (mine and values(mine)) == (theirs and values(theirs))
    assert found.category is None
