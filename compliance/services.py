"""The writes everybody needs: events of what was done, reasoned disclosures, findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.context import Actor, current
from aftersales.kernel.errors import RuleViolated, require, require_reason
from aftersales.kernel.loading import insert
from aftersales.kernel.prepared import take_turn
from aftersales.kernel.refs import Ref, ref
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance import events, finding_types
from compliance.models import AuditEvent, Disclosure, Finding
from compliance.policies import can_handle
from compliance.statuses import FindingStatus
from compliance.tracked import case_model

DISCLOSURES_PER_DAY = 200


def record(
    code: str,
    subject: models.Model,
    *,
    actor: Actor,
    case: models.Model | None = None,
    note: str = "",
    occurred_at: datetime | None = None,
    data: dict[str, Any] | None = None,
    on_behalf_of: Actor | None = None,
) -> AuditEvent:
    """Write down what ``actor`` just did to ``subject``; must run in the transaction that did it.

    Raises ``LookupError`` for a code no app registered. ``data`` must be JSON. Consumers of events
    may move the due time of ``case`` in memory: record before its last save.
    """
    event = build_event(
        code, subject, actor, case, note=note, occurred_at=occurred_at, data=data or {}
    )
    if on_behalf_of is not None:
        event.on_behalf_of_id = on_behalf_of.pk
        event.on_behalf_of_name = on_behalf_of.audit_name
    event.save(force_insert=True)
    events.publish(event, subject, case)
    return event


def record_many(
    code: str, subjects: Iterable[models.Model], *, actor: Actor, note: str = ""
) -> list[AuditEvent]:
    """``record`` for a loader that did the same to many objects: one event each, one statement."""
    done = list(subjects)
    written = [build_event(code, subject, actor, None, note=note, data={}) for subject in done]
    insert(written)
    for event, subject in zip(written, done, strict=True):
        events.publish(event, subject, None)
    return written


def build_event(
    code: str,
    subject: models.Model,
    actor: Actor,
    case: models.Model | None,
    *,
    note: str,
    data: dict[str, Any],
    occurred_at: datetime | None = None,
) -> AuditEvent:
    """The unsaved event; raises ``LookupError`` for a code no app registered."""
    events.get(code)
    context = current()
    target, moment = ref(subject), now()
    return AuditEvent(
        code=code,
        subject_type=target.type,
        subject_id=target.id,
        subject_label=target.label,
        case_id=case.pk if case else None,
        case_label=str(case) if case else "",
        actor_id=actor.pk,
        actor_name=actor.audit_name,
        note=note,
        data=data,
        source=context.source,
        request_id=context.request_id,
        client_address=context.client_address,
        occurred_at=occurred_at or moment,
        recorded_at=moment,
    )


@service
def disclose(
    subject: models.Model,
    fields: Iterable[str],
    *,
    actor: Actor,
    note: str,
    case: models.Model | None = None,
) -> Disclosure:
    """Record that ``actor`` is shown masked fields of ``subject``, and why.

    Raises ``RuleViolated`` without a reason of some length or above the cap of a day
    (``DISCLOSURES_PER_DAY``, a policy number: three times a busy agent's cases). One person's
    looks are counted one after the other.
    """
    _require_reason_and_measure(actor, note)
    context, target = current(), ref(subject)
    disclosure = Disclosure.objects.create(
        actor_id=actor.pk,
        actor_name=actor.audit_name,
        subject_type=target.type,
        subject_id=target.id,
        subject_label=target.label,
        fields=list(fields),
        reason=note.strip()[:500],
        case_id=case.pk if case else None,
        request_id=context.request_id,
        client_address=context.client_address,
        disclosed_at=now(),
    )
    record(
        "compliance.disclosed",
        subject,
        actor=actor,
        case=case,
        note=note,
        data={"fields": disclosure.fields},
    )
    return disclosure


def _require_reason_and_measure(actor: Actor, note: str) -> None:
    require_reason(note, _("Say why you need to see this (at least 4 characters)."))
    take_turn(f"compliance.disclosures:{actor.pk}")
    today = localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    shown = Disclosure.objects.filter(actor_id=actor.pk, disclosed_at__gte=today).count()
    if shown >= DISCLOSURES_PER_DAY:
        raise RuleViolated(
            "disclosure_cap", _("The daily limit for showing personal data is reached.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFinding:
    """What did not hold. ``evidence`` is JSON; ``title`` adds to the words of the type. ``owner``,
    a staff user, settles it; without one, whoever answers for the department."""

    code: str
    severity: str
    title: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    exposure: Decimal | None = None
    owner: Any = None
    department_id: int | None = None
    due_at: datetime | None = None
    case_id: int | None = None
    case_label: str = ""


@service
def open_finding(subject: Ref, new: NewFinding, *, actor: Actor, note: str = "") -> Finding:
    """Open a finding about ``subject``, or count another hit of the same; one row for both.

    A resolved one opens again; an accepted risk stays accepted. Evidence and severity are those of
    the last hit. Raises ``LookupError`` for a code no app registered.
    """
    finding_types.get(new.code)
    known = {"code": new.code, "subject_type": subject.type, "subject_id": subject.id}
    finding: Finding | None = Finding.objects.filter(**known).locked().first()
    if finding is None:
        finding = Finding(**known, opened_at=now(), last_hit_at=now())
        _fill(finding, subject, new)
        if finding.save_unless_taken():
            _log("compliance.finding_opened", finding, actor, note)
            return finding
        # Found by somebody else at the same moment: this is the second hit.
        finding = cast(Finding, Finding.objects.filter(**known).locked().get())
    finding.hit_count += 1
    finding.last_hit_at = now()
    _fill(finding, subject, new)
    reopened = finding.status == FindingStatus.RESOLVED
    if reopened:
        move(finding, FindingStatus.OPEN)
        finding.resolved_at = None
    finding.save()
    if reopened:
        _log("compliance.finding_reopened", finding, actor, note)
    return finding


def _fill(finding: Finding, subject: Ref, new: NewFinding) -> None:
    """Take over what the latest hit says; an owner once named stays."""
    finding.subject_label = subject.label
    finding.severity, finding.title = new.severity, new.title[:200]
    finding.evidence, finding.exposure, finding.due_at = new.evidence, new.exposure, new.due_at
    finding.case_id, finding.case_label = new.case_id, new.case_label
    if finding.owner_id is None:
        finding.owner = new.owner or finding_types.owner_of(new.department_id)


def _log(code: str, finding: Finding, actor: Actor, note: str) -> None:
    cases = case_model().model._default_manager
    case = cases.filter(pk=finding.case_id).first() if finding.case_id else None
    record(code, finding, actor=actor, case=case, note=note, data={"code": finding.code})


@service
def take_finding(finding_id: int, *, actor: Any, note: str = "") -> Finding:
    """Take a finding up as its owner; raises ``InvalidTransition`` when it is not open."""
    finding: Finding = Finding.objects.visible_to(actor).locked().get(pk=finding_id)
    require(can_handle(actor, finding))
    move(finding, FindingStatus.IN_PROGRESS)
    finding.owner = actor
    finding.save(update_fields=["status", "owner"])
    _log("compliance.finding_taken", finding, actor, note)
    return finding


@service
def resolve_finding(finding_id: int, *, actor: Any, note: str) -> Finding:
    """Say how it was put right; the next hit opens it again."""
    return _settle(finding_id, FindingStatus.RESOLVED, "compliance.finding_resolved", actor, note)


@service
def accept_risk(finding_id: int, *, actor: Any, note: str) -> Finding:
    """Leave it as it is, knowingly and with a reason; further hits are only counted."""
    return _settle(finding_id, FindingStatus.ACCEPTED_RISK, "compliance.risk_accepted", actor, note)


def _settle(finding_id: int, status: FindingStatus, event: str, actor: Any, note: str) -> Finding:
    finding: Finding = Finding.objects.visible_to(actor).locked().get(pk=finding_id)
    require(can_handle(actor, finding))
    require_reason(note, _("Say how it was settled (at least 4 characters)."))
    move(finding, status)
    finding.resolved_at, finding.note = now(), note.strip()
    finding.save(update_fields=["status", "resolved_at", "note"])
    _log(event, finding, actor, note)
    return finding
