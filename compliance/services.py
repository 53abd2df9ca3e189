"""The two writes everybody needs: an event that something was done, and a reasoned disclosure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.context import Actor, current
from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.loading import insert
from aftersales.kernel.refs import ref
from aftersales.kernel.services import service
from compliance import events
from compliance.models import AuditEvent, Disclosure

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
    (``DISCLOSURES_PER_DAY``, a policy number: three times a busy agent's cases).
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
    if len(note.strip()) < 4:
        raise RuleViolated(
            "reason_missing",
            _("Say why you need to see this (at least 4 characters)."),
            field="note",
        )
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    shown = Disclosure.objects.filter(actor_id=actor.pk, disclosed_at__gte=today).count()
    if shown >= DISCLOSURES_PER_DAY:
        raise RuleViolated(
            "disclosure_cap", _("The daily limit for showing personal data is reached.")
        )
