"""Findings: opened once, reopened by a new hit, settled by their owner, looked at by auditors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from aftersales.kernel.refs import Ref
from compliance import finding_types
from compliance.finding_types import FindingType
from compliance.models import AuditEvent, Finding, JournalEntry
from compliance.services import (
    NewFinding,
    accept_risk,
    open_finding,
    resolve_finding,
    take_finding,
)
from compliance.statuses import FindingStatus
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.notices import make_finding
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tests.kept import kept

pytestmark = pytest.mark.django_db
Verb = Callable[[int, User], Finding]

VERBS: dict[str, tuple[Verb, set[str], FindingStatus]] = {
    "take": (
        lambda pk, actor: take_finding(pk, actor=actor),
        {"open"},
        FindingStatus.IN_PROGRESS,
    ),
    "resolve": (
        lambda pk, actor: resolve_finding(pk, actor=actor, note="told the customer"),
        {"open", "in_progress"},
        FindingStatus.RESOLVED,
    ),
    "accept": (
        lambda pk, actor: accept_risk(pk, actor=actor, note="rare, no harm done"),
        {"open", "in_progress"},
        FindingStatus.ACCEPTED_RISK,
    ),
}


def finding_in(status: str, owner: User) -> Finding:
    finding = make_finding(owner)
    if status == FindingStatus.IN_PROGRESS:
        return take_finding(finding.pk, actor=owner)
    if status == FindingStatus.RESOLVED:
        return resolve_finding(finding.pk, actor=owner, note="put right")
    if status == FindingStatus.ACCEPTED_RISK:
        return accept_risk(finding.pk, actor=owner, note="accepted")
    return finding


def state(finding: Finding) -> tuple[Any, ...]:
    row = Finding.objects.filter(pk=finding.pk).values().get()
    events = AuditEvent.objects.filter(subject_type="compliance.finding").count()
    changes = JournalEntry.objects.filter(table_name="compliance_finding").count()
    return tuple(sorted(row.items(), key=str)), events, changes


def test_finding_is_opened_with_everything_known_and_recorded() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    due = now() + timedelta(days=1)

    finding = make_finding(lead, case_id=ticket.pk, case_label=ticket.number, due_at=due)

    assert (finding.status, finding.hit_count, finding.owner) == (FindingStatus.OPEN, 1, lead)
    assert str(finding) == "A promised time was missed · T-000007"
    assert (finding.case_label, finding.due_at) == (ticket.number, due)
    event = AuditEvent.objects.get(code="compliance.finding_opened")
    assert (event.subject_id, event.case_id) == (finding.pk, ticket.pk)
    entry = JournalEntry.objects.get(table_name="compliance_finding")
    assert (entry.case_id, entry.actor_name) == (ticket.pk, system_actor().audit_name)


def test_second_hit_is_counted_on_the_same_finding() -> None:
    lead = make_user(Role.LEAD)
    first = make_finding(lead)

    second = make_finding(make_user(Role.LEAD), evidence={"late_minutes": 90}, severity="critical")

    assert (second.pk, second.hit_count, second.owner) == (first.pk, 2, lead)
    assert (second.severity, second.evidence) == ("critical", {"late_minutes": 90})
    assert AuditEvent.objects.filter(code="compliance.finding_opened").count() == 1
    assert make_finding(lead, subject_id=8).pk != first.pk


def test_new_hit_opens_what_was_resolved_and_leaves_an_accepted_risk() -> None:
    lead = make_user(Role.LEAD)
    resolved = finding_in("resolved", lead)
    accepted = make_finding(lead, subject_id=8)
    accept_risk(accepted.pk, actor=lead, note="accepted")

    make_finding()
    make_finding(subject_id=8)

    resolved.refresh_from_db()
    accepted.refresh_from_db()
    assert (resolved.status, resolved.resolved_at, resolved.hit_count) == ("open", None, 2)
    assert (accepted.status, accepted.hit_count) == ("accepted_risk", 2)
    assert AuditEvent.objects.filter(code="compliance.finding_reopened").count() == 1


def test_finding_of_a_department_belongs_to_its_lead_unless_somebody_is_named() -> None:
    lead, administrator = make_user(Role.LEAD), make_user(Role.ADMINISTRATOR, department=None)
    department_id = lead.department_id

    owners = [
        make_finding(subject_id=1, department_id=department_id).owner,
        make_finding(administrator, subject_id=2, department_id=department_id).owner,
        make_finding(subject_id=3).owner,
        make_finding(subject_id=3, department_id=department_id).owner,
        make_finding(subject_id=4, department_id=make_department("logistics").pk).owner,
    ]

    assert owners == [lead, administrator, None, lead, administrator]


def test_unknown_code_is_refused() -> None:
    with pytest.raises(LookupError):
        open_finding(
            Ref("tickets.ticket", 1, "T"),
            NewFinding(code="nobody.knows", severity="low"),
            actor=system_actor(),
        )

    assert Finding.objects.count() == 0


@pytest.mark.parametrize("status", FindingStatus.values)
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_from_every_status(verb: str, status: str) -> None:
    owner = make_user(Role.LEAD)
    finding = finding_in(status, owner)
    act, allowed, target = VERBS[verb]
    before = state(finding)

    if status in allowed:
        assert act(finding.pk, owner).status == target
        return
    with pytest.raises(InvalidTransition):
        act(finding.pk, owner)

    assert state(finding) == before


@pytest.mark.parametrize("verb", VERBS)
def test_owner_and_administrator_settle_nobody_else(verb: str) -> None:
    owner, administrator = make_user(Role.LEAD), make_user(Role.ADMINISTRATOR)
    finding = make_finding(owner)
    act, _allowed, target = VERBS[verb]
    before = state(finding)

    for actor, refusal in (
        (make_user(Role.AUDITOR), NotPermitted),
        (make_user(Role.LEAD), Finding.DoesNotExist),
        (make_user(), Finding.DoesNotExist),
    ):
        with pytest.raises(refusal):
            act(finding.pk, actor)
        assert state(finding) == before

    assert act(finding.pk, administrator).status == target


def test_owner_without_the_right_does_not_settle() -> None:
    agent = make_user()
    finding = make_finding(agent)
    before = state(finding)

    with pytest.raises(NotPermitted):
        resolve_finding(finding.pk, actor=agent, note="put right")

    assert state(finding) == before


@pytest.mark.parametrize("verb", [resolve_finding, accept_risk])
def test_settling_needs_a_reason(verb: Any) -> None:
    lead = make_user(Role.LEAD)
    finding = make_finding(lead)
    before = state(finding)

    with pytest.raises(RuleViolated) as refusal:
        verb(finding.pk, actor=lead, note=" ok ")

    assert (refusal.value.code, refusal.value.field) == ("reason_missing", "note")
    assert state(finding) == before


@pytest.mark.parametrize(
    "change", ["status = 'resolved'", "status = 'gone'", "severity = 'none'", "resolved_at = now()"]
)
def test_database_refuses_a_finding_that_makes_no_sense(change: str) -> None:
    finding = make_finding()

    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE compliance_finding SET {change} WHERE id = %s", [finding.pk])


def test_types_are_registered_once_and_retired_codes_are_shown() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        finding_types.register([FindingType("clocks.late", "Something else")])

    assert finding_types.label("tests.retired") == "tests.retired"


# Pages


def signed_in(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


LIST = "admin:compliance_finding_changelist"


def make_named(subject_id: int, label: str, **overrides: Any) -> Finding:
    """A finding about something that is called so."""
    new = NewFinding(**{"code": "clocks.late", "severity": "low"} | overrides)
    subject = Ref("returns.reconciliationitem", subject_id, label)
    return open_finding(subject, new, actor=system_actor())


def test_auditor_sees_all_findings_lead_the_own_ones_agent_none() -> None:
    lead = make_user(Role.LEAD)
    make_finding(lead, subject_id=7)
    make_finding(None, subject_id=8)

    auditor = signed_in(make_user(Role.AUDITOR)).get(reverse(LIST)).content
    own = signed_in(lead).get(reverse(LIST)).content

    assert (b"T-000007" in auditor, b"T-000008" in auditor) == (True, True)
    assert (b"T-000007" in own, b"T-000008" in own) == (True, False)
    assert signed_in(make_user()).get(reverse(LIST)).status_code == 403


def test_lead_settles_a_finding_on_its_page() -> None:
    lead = make_user(Role.LEAD)
    finding = make_finding(lead)
    client = signed_in(lead)
    page = reverse("admin:compliance_finding_change", args=[finding.pk])
    assert b"late_minutes" in client.get(page).content

    for verb in ("take", "resolve"):
        answer = client.post(
            f"/admin/compliance/finding/{finding.pk}/{verb}/",
            {"_form_submitted": "1", "note": "called the customer"},
        )
        assert answer.headers["HX-Redirect"] == page

    finding.refresh_from_db()
    assert (finding.status, finding.note) == ("resolved", "called the customer")


def test_auditor_has_no_button_and_cannot_post() -> None:
    finding = make_finding(make_user(Role.LEAD))
    client = signed_in(make_user(Role.AUDITOR))

    page = client.get(reverse("admin:compliance_finding_change", args=[finding.pk]))
    answer = client.post(
        f"/admin/compliance/finding/{finding.pk}/resolve/",
        {"_form_submitted": "1", "note": "by hand"},
    )

    assert b"/resolve/" not in page.content
    assert answer.status_code == 403
    finding.refresh_from_db()
    assert finding.status == "open"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Missing here 8800", {"both"}),
        (" missing HERE 8800 ", {"both"}),
        ("账上缺少 8800", {"both"}),
        ("Missing here", set()),
        ("账上缺少 8800 / Missing here 8800", set()),
        ("half / whole", {"typed"}),
        ("half", set()),
        ("T-000007", {"number", "typed"}),
        ("t-000007", {"number", "typed"}),
        ("T-00000", set()),
        ("\u2063", set()),
        ("/", set()),
    ],
)
def test_finding_is_found_by_what_its_object_is_called(asked: str, found: set[str]) -> None:
    make_named(1, kept("账上缺少 8800 / Missing here 8800"), title="both")
    make_named(2, "half / whole", title="typed", case_id=7, case_label="T-000007")
    make_finding(title="number")
    client = signed_in(make_user(Role.AUDITOR))

    page = client.get(reverse(LIST), {"q": asked})

    assert {finding.title for finding in page.context["cl"].result_list} == found


def test_search_reads_an_index_however_many_findings_there_are() -> None:
    for number in range(2000):
        make_named(number, f"T-{number:06}")

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE compliance_finding")
    plan = Finding.objects.called("T-000123").explain()

    assert "finding_by_name" in plan


def test_list_costs_the_same_with_one_finding_and_with_three() -> None:
    lead = make_user(Role.LEAD)
    client = signed_in(make_user(Role.AUDITOR))
    make_finding(lead)
    client.get(reverse(LIST))

    with CaptureQueriesContext(connection) as one:
        client.get(reverse(LIST))
    for number in (8, 9):
        make_finding(make_user(Role.LEAD), subject_id=number)
    with CaptureQueriesContext(connection) as three:
        client.get(reverse(LIST))

    assert len(one) == len(three)


# API


def test_api_lists_filters_and_settles() -> None:
    lead = make_user(Role.LEAD)
    finding = make_finding(lead, case_label="T-000007")
    make_finding(lead, subject_id=8, severity="low")
    client = signed_in(lead)
    base = "/api/v1/findings/"

    listed = client.get(base, {"severity": "high", "case": "T-000007", "owner": lead.username})
    shown = client.get(f"{base}{finding.pk}/").json()
    taken = client.post(f"{base}{finding.pk}/take/", {}, "application/json")
    refused = client.post(f"{base}{finding.pk}/resolve/", {"note": "ok"}, "application/json")

    assert [row["id"] for row in listed.json()["results"]] == [finding.pk]
    assert (shown["label"], shown["owner"]) == ("A promised time was missed", lead.username)
    assert shown["evidence"] == {"late_minutes": 12}
    assert (taken.status_code, taken.json()["status"]) == (200, "in_progress")
    assert refused.status_code == 422
    assert client.get(f"{base}999999/").status_code == 404
    assert client.get(base, {"status": "gone"}).status_code == 400
