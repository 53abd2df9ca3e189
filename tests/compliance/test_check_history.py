"""The check finds each way of tampering and is silent about honest work."""

from __future__ import annotations

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import transaction

from aftersales import checks_database
from aftersales.kernel.context import AuditContext, Source, bind, current
from aftersales.kernel.journal import payload, signed_in_bulk
from aftersales.kernel.loading import insert
from compliance.integrity import (
    Discrepancy,
    find_discrepancies,
    journal_gaps,
    may_alter_history,
)
from compliance.models import JournalEntry
from staff.models import Department
from staff.roles import Role
from tests.compliance.trail import last_entry, sql, unguarded
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket_in
from tickets.models import Tag
from tickets.services import conversation
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def department() -> Department:
    """A department with three honest changes."""
    department = make_department("returns")
    for name in ("Returns", "Goods in", "Returns and repairs"):
        department.name = name
        department.save(update_fields=["name"])
    assert list(find_discrepancies()) == []
    return department


def kinds() -> list[tuple[str, str, int]]:
    return [(one.kind, one.table, one.row_pk) for one in find_discrepancies()]


def test_honest_work_raises_no_alarm() -> None:
    actor = make_user(Role.LEAD)
    context = AuditContext(Source.IMPORT, actor.pk, actor.audit_name)

    for status in TicketStatus:
        ticket = make_ticket_in(status, actor)
        for number in range(16):
            conversation.note(ticket.pk, actor=actor, body=f"note {number}")
    with transaction.atomic(), bind(context), signed_in_bulk("tags"):
        insert([Tag(slug=f"tag-{number}") for number in range(50)])
    Tag.objects.filter(slug="tag-1").update(is_active=False)
    make_department("returns").delete()

    assert JournalEntry.objects.count() > 300
    assert list(find_discrepancies()) == []


def test_row_edited_past_the_journal_is_found(department: Department) -> None:
    with unguarded("staff_department"):
        sql("UPDATE staff_department SET name = 'Mine' WHERE id = %s", department.pk)

    assert kinds() == [("row_edited", "staff_department", department.pk)]


def test_row_removed_past_the_journal_is_found(department: Department) -> None:
    with unguarded("staff_department"):
        sql("DELETE FROM staff_department WHERE id = %s", department.pk)

    assert kinds() == [("row_vanished", "staff_department", department.pk)]


def test_row_added_past_the_journal_is_found() -> None:
    with unguarded("tickets_tag"):
        sql("INSERT INTO tickets_tag (id, slug, is_active) VALUES (99, 'slipped-in', true)")

    assert kinds() == [("row_unknown", "tickets_tag", 99)]


def test_removed_row_put_back_is_found() -> None:
    tag = Tag(slug="torn")
    tag.save()
    pk = tag.pk
    tag.delete()
    with unguarded("tickets_tag"):
        sql("INSERT INTO tickets_tag (id, slug, is_active) VALUES (%s, 'torn', true)", pk)

    assert kinds() == [("row_returned", "tickets_tag", pk)]


@pytest.mark.parametrize(
    "column", ["name", "actor_name", "history_change_reason", "source", "request_id"]
)
def test_edited_history_is_found(department: Department, column: str) -> None:
    row = department.history.all()[1]
    with unguarded("staff_historicaldepartment"):
        sql(
            f"UPDATE staff_historicaldepartment SET {column} = 'other' WHERE history_id = %s",
            row.history_id,
        )

    assert kinds() == [("history_edited", "staff_department", department.pk)]


def test_history_given_to_another_person_is_found(department: Department) -> None:
    with unguarded("staff_historicaldepartment"):
        sql(
            "UPDATE staff_historicaldepartment SET history_user_id = 1 WHERE history_id = %s",
            department.history.first().history_id,
        )

    assert kinds() == [("history_edited", "staff_department", department.pk)]


def test_removed_history_is_found(department: Department) -> None:
    with unguarded("staff_historicaldepartment"):
        sql(
            "DELETE FROM staff_historicaldepartment WHERE history_id = %s",
            department.history.all()[1].history_id,
        )

    assert kinds() == [("history_missing", "staff_department", department.pk)]


def test_edited_history_of_a_bulk_load_is_found() -> None:
    actor = make_user(Role.ADMINISTRATOR)
    context = AuditContext(Source.IMPORT, actor.pk, actor.audit_name)
    with transaction.atomic(), bind(context), signed_in_bulk("tags"):
        insert([Tag(slug="one"), Tag(slug="two")])
    tag = Tag.objects.get(slug="two")
    with unguarded("tickets_historicaltag"):
        sql("UPDATE tickets_historicaltag SET slug = 'three' WHERE id = %s", tag.pk)

    assert kinds() == [("history_edited", "tickets_tag", tag.pk)]


def test_abuse_87_removed_journal_row_is_found_and_listed_as_a_gap(department: Department) -> None:
    middle = JournalEntry.objects.filter(
        table_name="staff_department", row_pk=department.pk
    ).order_by("id")[1]
    with unguarded("compliance_journalentry"):
        sql("DELETE FROM compliance_journalentry WHERE id = %s", middle.pk)

    assert kinds() == [("history_unknown", "staff_department", department.pk)]
    assert (middle.pk, middle.pk) in journal_gaps()


def test_no_save_goes_without_history(department: Department) -> None:
    department.name = "Quietly"
    department.save_without_historical_record()

    assert department.history.latest().name == "Quietly"
    assert list(find_discrepancies()) == []


def test_signed_change_without_history_is_found(department: Department) -> None:
    signature = payload(current(), "staff_department", uuid4())
    sql("SELECT set_config('desk.once', %s, true)", signature)
    Department.objects.filter(pk=department.pk).update(name="Quietly")

    assert list(find_discrepancies()) == [
        Discrepancy(
            "history_missing",
            "staff_department",
            department.pk,
            f"#{last_entry(department).pk}",
        )
    ]


def test_disabled_trigger_is_found() -> None:
    sql("ALTER TABLE tickets_tag DISABLE TRIGGER USER")

    assert list(find_discrepancies()) == [Discrepancy("trigger_off", "tickets_tag", 0, "journal")]


def test_trigger_that_spares_replicas_is_found() -> None:
    sql("ALTER TABLE compliance_auditevent ENABLE TRIGGER USER")

    assert list(find_discrepancies()) == [
        Discrepancy("trigger_off", "compliance_auditevent", 0, "append_only")
    ]


@pytest.mark.django_db(transaction=True)
def test_command_exits_with_one_and_names_the_rows() -> None:
    department = make_department("returns")
    honest = StringIO()
    call_command("check_history", json=True, stdout=honest)
    with unguarded("staff_department"):
        sql("UPDATE staff_department SET name = 'Mine' WHERE id = %s", department.pk)
    tampered, readable = StringIO(), StringIO()

    with pytest.raises(SystemExit) as left:
        call_command("check_history", json=True, stdout=tampered)
    with pytest.raises(SystemExit):
        call_command("check_history", stdout=readable)

    assert left.value.code == 1
    assert json.loads(honest.getvalue())["ok"] is True
    result = json.loads(tampered.getvalue())
    assert (result["ok"], result["entries"]) == (False, JournalEntry.objects.count())
    assert [(one["kind"], one["row_pk"]) for one in result["discrepancies"]] == [
        ("row_edited", department.pk)
    ]
    assert f"staff_department {department.pk}" in readable.getvalue()


def widen(*names: str) -> None:
    """Give the departments and their history more columns, as a migration would."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for name in names:
        for table in ("staff_department", "staff_historicaldepartment"):
            sql(f"ALTER TABLE {table} ADD COLUMN {name} text NOT NULL DEFAULT 'new'")


def test_columns_added_later_are_no_discrepancy(department: Department) -> None:
    widen("color", "size")
    department.name = "After the migration"
    department.save(update_fields=["name"])
    widen("place")
    department.name = "After another"
    department.save(update_fields=["name"])

    assert kinds() == []


def test_tampering_is_found_in_a_table_that_was_given_columns(department: Department) -> None:
    widen("color")
    with unguarded("staff_department"):
        sql("UPDATE staff_department SET name = 'Mine' WHERE id = %s", department.pk)
    with unguarded("staff_historicaldepartment"):
        sql("UPDATE staff_historicaldepartment SET name = 'Mine' WHERE name = 'Goods in'")

    assert sorted(kinds()) == [
        ("history_edited", "staff_department", department.pk),
        ("row_edited", "staff_department", department.pk),
    ]


def test_new_column_changed_past_the_journal_is_found_once_the_row_was_saved(
    department: Department,
) -> None:
    widen("color")
    department.name = "After the migration"
    department.save(update_fields=["name"])
    with unguarded("staff_department"):
        sql("UPDATE staff_department SET color = 'red' WHERE id = %s", department.pk)

    assert kinds() == [("row_edited", "staff_department", department.pk)]


def test_deployment_is_refused_to_a_role_that_could_empty_the_journal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Tests run as the owner; ``pg_monitor`` is a role of every server that owns nothing."""
    assert [one.id for one in checks_database.check_role()] == ["desk.E013"]
    assert not may_alter_history("pg_monitor")

    monkeypatch.setattr(
        checks_database, "may_alter_history", lambda _role: may_alter_history("pg_monitor")
    )
    assert checks_database.check_role() == []
