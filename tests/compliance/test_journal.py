"""The database sees every change; the application signs its own; nothing is ever taken back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from aftersales.kernel.context import AuditContext, Source, acting, bind, entering
from aftersales.kernel.journal import signed_in_bulk
from aftersales.kernel.loading import insert
from compliance.models import AuditEvent, Disclosure, JournalEntry, Operation
from compliance.services import disclose, record
from customers.models import ContactPoint
from staff.models import Department, Team
from staff.roles import Role
from tests.compliance.trail import entries, last_entry, psql, sql
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket
from tickets.models import Tag
from tickets.services import handling
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_update_in_psql_is_journaled_unattributed() -> None:
    department = make_department("returns")

    psql(f"UPDATE staff_department SET name = 'Renamed' WHERE id = {department.pk}")

    entry = last_entry(department)
    assert (entry.operation, entry.changed) == (Operation.UPDATE, ["name"])
    assert (entry.actor_name, entry.source, entry.change_id) == ("", "", None)
    assert entry.db_user == connection.settings_dict["USER"]
    assert not entry.is_signed


def test_abuse_90_queryset_update_is_journaled_unattributed() -> None:
    department = make_department("returns")

    Department.objects.filter(pk=department.pk).update(name="Renamed", is_active=False)

    entry = last_entry(department)
    assert entry.changed == ["is_active", "name"]
    assert not entry.is_signed
    assert department.history.count() == 1


def test_shell_save_is_attributed_to_the_login_of_the_machine() -> None:
    department = make_department("returns")
    department.name = "Renamed"

    department.save()

    entry, row = last_entry(department), department.history.first()
    assert entry.actor_name.endswith("(shell)")
    assert (entry.source, entry.changed) == (Source.SHELL, ["name"])
    assert (row.change_id, row.actor_name) == (entry.change_id, entry.actor_name)


def test_signature_covers_one_save_and_not_its_neighbors() -> None:
    actor, department = make_user(), make_department("returns")

    with transaction.atomic(), acting(actor, "renamed on request"):
        Department.objects.filter(pk=department.pk).update(name="Before")
        department.name = "Signed"
        department.save(update_fields=["name"])
        Department.objects.filter(pk=department.pk).update(name="After")
        sql("UPDATE staff_department SET name = 'By hand' WHERE id = %s", department.pk)

    before, signed, after, by_hand = entries(department)[-4:]
    assert [one.is_signed for one in (before, signed, after, by_hand)] == [
        False,
        True,
        False,
        False,
    ]
    assert (signed.actor_id, signed.reason) == (actor.pk, "renamed on request")
    assert len({one.txid for one in (before, signed, after, by_hand)}) == 1


def test_signature_of_a_write_that_met_no_row_is_not_left_for_the_next() -> None:
    actor, department, gone = make_user(), make_department("returns"), make_department("gone")
    gone_again = Department.objects.get(pk=gone.pk)

    with transaction.atomic(), acting(actor, "closed"):
        gone.delete()
        gone_again.delete()
        Department.objects.filter(pk=department.pk).update(name="By the way")

    assert not last_entry(department).is_signed


def test_row_saved_unless_taken_is_signed_with_history() -> None:
    customer = make_customer()
    point = ContactPoint(customer=customer, channel="phone", address="+8613800000001")

    assert point.save_unless_taken()

    entry, version = last_entry(point), point.history.get()
    assert point == ContactPoint.objects.get(address="+8613800000001")
    assert (entry.operation, entry.change_id) == (Operation.INSERT, version.change_id)
    assert entry.is_signed
    point.is_verified = True
    point.save()
    assert ContactPoint.objects.get(pk=point.pk).is_verified


def test_row_whose_key_is_taken_leaves_no_trace() -> None:
    first = ContactPoint.objects.create(
        customer=make_customer(), channel="phone", address="+8613800000001"
    )
    before = JournalEntry.objects.count()
    twin = ContactPoint(customer=first.customer, channel="phone", address="+8613800000001")

    assert not twin.save_unless_taken()

    assert (twin.pk, twin._state.adding) == (None, True)
    assert JournalEntry.objects.count() == before
    assert ContactPoint.history.filter(address="+8613800000001").count() == 1
    ContactPoint.objects.filter(pk=first.pk).update(is_verified=True)
    assert not last_entry(first).is_signed  # no signature was left for somebody else's write


def test_delete_is_signed_once_with_the_digest_of_what_went() -> None:
    actor, tag = make_user(), Tag(slug="torn")
    tag.save()
    last_digest, pk = last_entry(tag).digest, tag.pk

    with acting(actor, "never used"):
        tag.delete()

    entry = JournalEntry.objects.get(table_name="tickets_tag", row_pk=pk, operation="delete")
    assert (entry.actor_id, entry.reason, entry.digest) == (actor.pk, "never used", last_digest)
    removal = Tag.history.get(id=pk, history_type="-")
    assert removal.change_id == entry.change_id


def test_case_is_named_even_when_written_past_the_application() -> None:
    ticket = make_ticket()
    message = ticket.messages.get()

    sql("UPDATE tickets_message SET body = 'other words' WHERE id = %s", message.pk)

    assert last_entry(message).case_id == ticket.pk


def test_rollback_to_savepoint_leaves_neither_history_nor_journal() -> None:
    department = make_department("returns")
    seen = (len(entries(department)), department.history.count())

    with suppress(RuntimeError), transaction.atomic():
        department.name = "Never"
        department.save()
        raise RuntimeError

    assert (len(entries(department)), department.history.count()) == seen
    Department.objects.filter(pk=department.pk).update(name="Raw")
    assert not last_entry(department).is_signed


def written_rows() -> list[models.Model]:
    """One row of each table that only grows."""
    actor, customer = make_user(), make_customer()
    disclosure = disclose(customer, ["name"], actor=actor, note="customer calls")
    return [
        AuditEvent.objects.latest("id"),
        JournalEntry.objects.latest("id"),
        disclosure,
        customer.history.first(),
    ]


@pytest.mark.parametrize("place", range(4), ids=["event", "journal", "disclosure", "history"])
@pytest.mark.parametrize("way", ["orm_update", "orm_delete", "sql_update", "sql_delete", "replica"])
def test_append_only_rows_cannot_be_changed(place: int, way: str) -> None:
    row = written_rows()[place]
    model, pk, table = type(row), row._meta.pk.column, row._meta.db_table
    column = next(f.column for f in row._meta.concrete_fields if isinstance(f, models.CharField))
    before = model._base_manager.filter(pk=row.pk).values().get()
    rows = model._base_manager.filter(pk=row.pk)
    ways: dict[str, Any] = {
        "orm_update": lambda: rows.update(**{column: "x"}),
        "orm_delete": lambda: rows._raw_delete("default"),
        "sql_update": lambda: sql(f"UPDATE {table} SET {column} = 'x' WHERE {pk} = %s", row.pk),
        "sql_delete": lambda: sql(f"DELETE FROM {table} WHERE {pk} = %s", row.pk),
        "replica": lambda: (
            sql("SET LOCAL session_replication_role = replica"),
            sql(f"UPDATE {table} SET {column} = 'x' WHERE {pk} = %s", row.pk),
        ),
    }

    refusal = r"added but not changed|permission denied"
    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        ways[way]()

    assert rows.values().get() == before


def test_journal_fires_for_a_replica_too() -> None:
    department = make_department("returns")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (may_replicate,) = cursor.fetchone()

    if may_replicate:
        sql("SET LOCAL session_replication_role = replica")
    sql("UPDATE staff_department SET name = 'Hidden' WHERE id = %s", department.pk)

    assert last_entry(department).changed == ["name"]


@pytest.mark.parametrize("source", [Source.ADMIN, Source.API, Source.PORTAL, Source.JOB])
def test_service_signs_history_journal_and_event_alike(source: Source) -> None:
    actor = make_user(Role.LEAD)
    ticket = make_ticket(actor)

    with entering(source, request_id="r-1", address="192.0.2.7"):
        handling.wait(ticket.pk, actor=actor, status=TicketStatus.ON_HOLD, note="carrier is asked")

    entry, row = last_entry(ticket), ticket.history.first()
    event = AuditEvent.objects.filter(code="tickets.waiting").latest("id")
    expected = (actor.pk, actor.audit_name, "carrier is asked", source.value, "r-1")
    assert (
        entry.actor_id,
        entry.actor_name,
        entry.reason,
        entry.source,
        entry.request_id,
    ) == expected
    assert expected == (
        row.history_user_id,
        row.actor_name,
        row.history_change_reason,
        row.source,
        row.request_id,
    )
    assert (
        event.actor_id,
        event.actor_name,
        event.note,
        event.source,
        event.request_id,
    ) == expected
    assert (entry.change_id, event.client_address) == (row.change_id, "192.0.2.7")


def test_bulk_load_is_attributed_with_its_history() -> None:
    actor = make_user(Role.ADMINISTRATOR)
    context = AuditContext(Source.IMPORT, actor.pk, actor.audit_name, "spring tags")

    with transaction.atomic(), bind(context), signed_in_bulk("spring tags"):
        insert([Tag(slug="one"), Tag(slug="two")])

    for tag in Tag.objects.all():
        entry, row = last_entry(tag), tag.history.get()
        assert (entry.actor_id, entry.reason, entry.source) == (actor.pk, "spring tags", "import")
        assert (row.history_user_id, row.history_change_reason, row.source) == (
            actor.pk,
            "spring tags",
            "import",
        )
    Tag.objects.update(is_active=False)
    assert not any(last_entry(tag).is_signed for tag in Tag.objects.all())


def test_admin_form_signs_with_the_user_and_the_request() -> None:
    admin_user = make_user(Role.ADMINISTRATOR)
    team = Team(department=make_department(), code="evening", name="Evening", name_zh="晚班")

    with entering(Source.ADMIN, request_id="r-2"), acting(admin_user):
        team.save()

    entry = last_entry(team)
    assert (entry.operation, entry.source, entry.actor_id, entry.request_id) == (
        "insert",
        "admin",
        admin_user.pk,
        "r-2",
    )


def test_record_refuses_a_code_nobody_registered() -> None:
    actor, department = make_user(), make_department()
    events = AuditEvent.objects.count()

    with pytest.raises(LookupError, match=r"unknown event staff\.invented"):
        record("staff.invented", department, actor=actor)

    assert AuditEvent.objects.count() == events


def test_disclosure_needs_a_reason() -> None:
    from aftersales.kernel.errors import RuleViolated  # noqa: PLC0415 -- used once

    customer, actor = make_customer(), make_user()

    with pytest.raises(RuleViolated) as refused:
        disclose(customer, ["name"], actor=actor, note="  x ")

    assert refused.value.code == "reason_missing"
    assert not Disclosure.objects.exists()
