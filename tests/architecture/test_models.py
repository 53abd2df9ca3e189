"""Every model is looked after: history, triggers, an admin page, a migration."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.admin.sites import site
from django.core.management import call_command
from django.db import connection, models

from aftersales.kernel.audited import AuditedModel, HistoryStamp
from compliance.integrity import guards, unguarded_tables
from compliance.models import AuditEvent, Disclosure, JournalEntry
from compliance.tracked import case_model, stamp_columns, tracked
from returns.models import Approval, GatewayNotice, LedgerEntry, RefundTouch, StatementLine
from tests.architecture.source import ROOT, our_apps

# Models without a page of their own in the admin: label → why.
NO_PAGE = {
    "clocks.calendarday": "shown in the calendar's year",
    "clocks.calendarexception": "shown and changed on the calendar's page",
    "clocks.calendaryear": "shown in the calendar's year and imported there",
    "clocks.clockchange": "told in the explanation of its promise",
    "clocks.clockpause": "the same",
    "clocks.clockstep": "the same",
    "clocks.escalationstep": "shown on the rule's page",
    "compliance.idempotentrequest": "a technical memory of the API, emptied after days",
    "customers.contactpoint": "shown masked on the customer's page",
    "customers.orderline": "shown on the order's page",
    "customers.payment": "shown on the order's page",
    "customers.shipment": "shown on the order's page",
    "customers.shipmentevent": "shown on the order's page",
    "handoffs.handofffile": "shown with its leg",
    "handoffs.handoffturn": "shown with its leg",
    "handoffs.partylink": "made and ended on the page of its leg",
    "staff.noticepreference": "everybody's own page «My notices»",
    "returns.inspectionphoto": "shown with its inspection on the case page",
    "returns.parcelscan": "shown with its parcel on the case page",
    "returns.reimbursementline": "a line of the sheet on the case page",
    "returns.reimbursementshare": "the same",
    "returns.returnitem": "shown with its return on the case page",
    "returns.returnparcel": "the same",
    "returns.unexpecteditem": "the same",
    "returns.approval": "shown with the refund it decides",
    "returns.gatewaynotice": "a technical memory of notifications",
    "returns.refundattempt": "shown on the refund's page",
    "returns.refundevidence": "shown on the refund's page",
    "returns.refundline": "shown on the refund's page",
    "returns.refundtouch": "shown on the refund's page",
    "returns.statementline": "shown where it differs",
    "tickets.attachment": "shown in the case's conversation",
    "tickets.draft": "what somebody is typing; shown in the composer only",
    "tickets.evidence": "shown with its investigation on the case page",
    "tickets.mention": "shown on the colleague's home",
    "tickets.message": "shown in the case's conversation",
    "tickets.presence": "a notice on the case page, not a record",
    "tickets.statuslink": "created and revoked on the case page",
    "tickets.ticketlink": "made and undone on the case page",
    "tickets.ticketsearch": "derived from the case",
    "tickets.watcher": "shown on the case page",
}


def our_models() -> list[type[models.Model]]:
    return [
        model
        for config in our_apps()
        for model in config.get_models()
        if not issubclass(model, HistoryStamp)
    ]


def test_every_app_lies_in_the_repository() -> None:
    for config in our_apps():
        assert Path(config.module.__file__ or "").is_relative_to(ROOT), config.name
    assert {"compliance", "staff", "customers", "tickets"} <= {one.name for one in our_apps()}


def test_every_model_has_an_admin_page_or_a_reason() -> None:
    missing = {model._meta.label_lower for model in our_models() if not site.is_registered(model)}

    assert missing - set(NO_PAGE) == set()
    assert set(NO_PAGE) - missing == set(), "these have a page by now"


def test_every_audited_model_has_history_and_a_journal() -> None:
    journaled = {model for model, trigger in guards() if trigger.name == "journal"}

    audited = {model for model in our_models() if issubclass(model, AuditedModel)}

    assert journaled == audited == {known.model for known in tracked().values()}
    assert case_model().label == "tickets.ticket"


def test_no_column_hides_a_stamp_of_its_history() -> None:
    """A field called ``source`` once took the place of the history's own."""
    for known in tracked().values():
        names = {field.name for field in known.model._meta.get_fields()} | {
            field.attname for field in known.model._meta.concrete_fields
        }
        assert names.isdisjoint(stamp_columns()), known.label
        columns = {field.column for field in known.history._meta.concrete_fields}
        assert set(stamp_columns()) <= columns, known.label


def test_every_growing_table_is_append_only() -> None:
    guarded = {model for model, trigger in guards() if trigger.name == "append_only"}

    histories = {known.history for known in tracked().values()}

    money = {Approval, GatewayNotice, LedgerEntry, RefundTouch, StatementLine}
    assert guarded == histories | {AuditEvent, Disclosure, JournalEntry} | money


@pytest.mark.django_db
def test_every_guard_fires_always_in_the_database() -> None:
    assert list(unguarded_tables()) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE p.proname LIKE 'desk_%' AND t.tgenabled = 'A' AND NOT t.tgdeferrable"
        )
        assert cursor.fetchone() == (len(list(guards())),)


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    answer = StringIO()

    call_command("makemigrations", check=True, dry_run=True, interactive=False, stdout=answer)

    assert answer.getvalue().strip() == "No changes detected"
