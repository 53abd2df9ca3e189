"""Several cases at once: shown first, done one by one, refusals named."""

from __future__ import annotations

import pytest
from django.test import Client
from django_q.models import OrmQ

from aftersales.kernel.errors import NotPermitted, RuleViolated
from compliance.models import AuditEvent, JournalEntry
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket, make_ticket_in
from tickets.models import Tag, Ticket
from tickets.services.bulk import MOST_CASES, BulkChange, BulkVerb, preview_bulk, run_bulk

pytestmark = pytest.mark.django_db
BULK = "/admin/tickets/ticket/bulk/"


def sign_in(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


def state() -> tuple[object, ...]:
    """Everything a change would leave behind."""
    return (
        list(Ticket.objects.order_by("pk").values()),
        Ticket.history.count(),
        AuditEvent.objects.count(),
        JournalEntry.objects.count(),
        OrmQ.objects.count(),
    )


def test_preview_tells_the_truth_and_changes_nothing() -> None:
    lead = make_user(Role.LEAD)
    free, finished = make_ticket(lead), make_ticket_in("resolved", lead)
    change = BulkChange(verb=BulkVerb.ASSIGN, assignee=lead)
    before = state()

    lines = preview_bulk([free.number, finished.number], change, actor=lead)

    assert state() == before
    assert {line.ticket.number: bool(line.refusal) for line in lines} == {
        free.number: False,
        finished.number: True,
    }
    assert "reopen it first" in next(line.refusal for line in lines if line.refusal)


def test_run_changes_what_it_may_and_names_the_rest() -> None:
    lead = make_user(Role.LEAD)
    free, finished = make_ticket(lead), make_ticket_in("resolved", lead)
    change = BulkChange(verb=BulkVerb.ASSIGN, assignee=lead)

    lines = run_bulk([free.number, finished.number], change, actor=lead, note="handover")

    assert [bool(line.refusal) for line in lines] == [False, True]
    assert lines[0].ticket.assignee == lead
    assert Ticket.objects.get(pk=free.pk).assignee == lead
    assert Ticket.objects.get(pk=finished.pk).assignee is None
    event = AuditEvent.objects.get(code="tickets.assigned")
    assert (event.actor_name, event.note) == (lead.audit_name, "handover")


@pytest.mark.parametrize(
    ("verb", "field", "expected"),
    [
        (BulkVerb.PRIORITY, "priority", "urgent"),
        (BulkVerb.TAG, "tags", ["vip"]),
        (BulkVerb.ROUTE, "department__code", "logistics"),
        (BulkVerb.CLOSE, "status", "closed"),
    ],
)
def test_every_verb_goes_through_its_service(verb: BulkVerb, field: str, expected: object) -> None:
    lead = make_user(Role.LEAD)
    Tag.objects.create(slug="vip")
    logistics = make_department("logistics", kind="logistics")
    closing = verb == BulkVerb.CLOSE
    ticket = make_ticket_in("resolved", lead) if closing else make_ticket(lead)
    if closing:
        from tests.factories.tickets import deliver_mails  # noqa: PLC0415 -- this verb only

        deliver_mails(ticket)
    change = BulkChange(verb=verb, priority="urgent", tag="vip", department=logistics)

    (line,) = run_bulk([ticket.number], change, actor=lead)

    assert line.refusal == ""
    assert Ticket.objects.values_list(field, flat=True).get(pk=ticket.pk) == expected


def test_bulk_leaves_unseen_cases_out() -> None:
    lead = make_user(Role.LEAD, department=make_department("logistics", kind="logistics"))
    unseen = make_ticket()
    before = state()

    assert run_bulk([unseen.number], BulkChange(verb=BulkVerb.CLOSE), actor=lead) == []
    assert state() == before


def test_bulk_refuses_without_the_right_too_many_and_none() -> None:
    ticket = make_ticket()
    close = BulkChange(verb=BulkVerb.CLOSE)
    before = state()

    with pytest.raises(NotPermitted):
        run_bulk([ticket.number], close, actor=make_user(Role.AUDITOR))
    with pytest.raises(RuleViolated, match="at most"):
        run_bulk([f"T-{n}" for n in range(MOST_CASES + 1)], close, actor=make_user())
    with pytest.raises(RuleViolated, match="at least one"):
        run_bulk([], close, actor=make_user())
    assert state()[:3] == before[:3]


def test_bulk_pages_lead_from_choice_to_result() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    client = sign_in(lead)
    data = {"verb": "priority", "case": [ticket.number]}

    assert client.post(BULK, data).context["step"] == "choose"
    preview = client.post(BULK, {**data, "value": "high"})
    assert preview.context["step"] == "preview"
    assert "Will be done" in preview.content.decode()
    ticket.refresh_from_db()
    assert ticket.priority == "normal"

    done = client.post(BULK, {**data, "value": "high", "confirm": "1"})
    assert done.context["step"] == "done"
    ticket.refresh_from_db()
    assert ticket.priority == "high"


def test_bulk_page_offers_only_people_who_may_have_the_cases() -> None:
    lead = make_user(Role.LEAD)
    colleague = make_user(department=lead.department)
    make_user(Role.WAREHOUSE, department=make_department("warehouse"))
    ticket = make_ticket(lead)

    page = sign_in(lead).post(BULK, {"verb": "assign", "case": [ticket.number]})

    offered = {code for code, _words in page.context["values"]}
    assert offered == {"-", lead.username, colleague.username}


@pytest.mark.parametrize("value", ["", "nonsense"])
def test_bulk_page_never_runs_without_a_valid_value(value: str) -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    before = state()[0]
    data = {"verb": "priority", "case": [ticket.number], "value": value, "confirm": "1"}

    assert sign_in(lead).post(BULK, data).context["step"] == "choose"
    assert state()[0] == before


def test_bulk_page_is_closed_to_auditors_strangers_and_links() -> None:
    data = {"verb": "close", "case": [make_ticket().number]}

    assert sign_in(make_user(Role.AUDITOR)).post(BULK, data).status_code == 403
    assert Client().post(BULK, data).status_code == 302
    assert sign_in(make_user()).get(BULK).status_code == 405
    assert sign_in(make_user()).post(BULK, {"verb": "explode"}).status_code == 302
