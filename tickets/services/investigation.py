"""Finding out what happened (ISO 10002 7.6)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from staff.models import User
from tickets.choices import EvidenceKind, Party
from tickets.models import Attachment, Evidence, Investigation, Ticket
from tickets.policies import can_investigate
from tickets.services.shared import lock_ticket, require_text, require_unfinished, save, start_work
from tickets.statuses import InvestigationStatus


@service
def open_investigation(ticket_id: int, *, actor: User, question: str) -> Investigation:
    """Start finding out; raises ``InvalidTransition`` while another investigation is open."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_investigate(actor, ticket))
    require_unfinished(ticket)
    if ticket.investigations.filter(status=InvestigationStatus.OPEN).exists():
        raise InvalidTransition(_("An investigation is open already."))
    investigation = Investigation(
        ticket=ticket,
        question=require_text(question, "question", most=300),
        opened_by=actor,
        opened_at=now(),
    )
    investigation.save(force_insert=True)
    opened = start_work(ticket)
    record("tickets.investigation_opened", investigation, actor=actor, case=ticket, note=question)
    save(ticket, *opened)
    return investigation


@service
def add_evidence(
    investigation_id: int,
    *,
    actor: User,
    kind: str,
    text: str,
    attachment: Attachment | None = None,
) -> Evidence:
    """Add what the finding will rest on; raises once the investigation is over."""
    investigation, ticket = _lock(investigation_id, actor)
    if investigation.status != InvestigationStatus.OPEN:
        raise InvalidTransition(_("This investigation is over."))
    if kind not in EvidenceKind.values:
        raise RuleViolated("unknown_kind", _("Unknown kind of evidence."), field="kind")
    if attachment and attachment.ticket_id != ticket.pk:
        raise RuleViolated(
            "foreign_file", _("This file belongs to another case."), field="attachment"
        )
    evidence = Evidence(
        investigation=investigation,
        ticket=ticket,
        kind=kind,
        text=require_text(text, "text", most=5000),
        attachment=attachment,
        added_by=actor,
        added_at=now(),
    )
    evidence.save(force_insert=True)
    record("tickets.evidence_added", evidence, actor=actor, case=ticket, data={"kind": kind})
    save(ticket)
    return evidence


def _lock(investigation_id: int, actor: User) -> tuple[Investigation, Ticket]:
    found = Investigation.objects.visible_to(actor).get(pk=investigation_id)
    ticket = lock_ticket(found.ticket_id, actor)
    investigation = Investigation.objects.locked().get(pk=investigation_id)
    require(can_investigate(actor, ticket))
    return investigation, ticket


@service
def conclude_investigation(
    investigation_id: int,
    *,
    actor: User,
    findings: str,
    root_cause: str,
    responsible_party: str,
) -> Investigation:
    """State what happened, why, and who is responsible; the case takes over cause and party."""
    investigation, ticket = _lock(investigation_id, actor)
    require_unfinished(ticket)
    move(investigation, InvestigationStatus.CONCLUDED)
    if responsible_party not in Party.values:
        raise RuleViolated(
            "unknown_party", _("Choose who is responsible."), field="responsible_party"
        )
    investigation.findings = require_text(findings, "findings", most=10_000)
    investigation.root_cause = require_text(root_cause, "root_cause", most=300)
    investigation.responsible_party = responsible_party
    investigation.concluded_by, investigation.concluded_at = actor, now()
    investigation.save()
    ticket.root_cause = investigation.root_cause
    ticket.responsible_party = responsible_party
    ticket.investigated_at = investigation.concluded_at
    record(
        "tickets.investigation_concluded",
        investigation,
        actor=actor,
        case=ticket,
        note=investigation.root_cause,
        data={"responsible_party": responsible_party},
    )
    save(ticket, "root_cause", "responsible_party", "investigated_at")
    return investigation


@service
def drop_investigation(investigation_id: int, *, actor: User, note: str) -> Investigation:
    """End an investigation without a finding; needs a reason."""
    investigation, ticket = _lock(investigation_id, actor)
    move(investigation, InvestigationStatus.CANCELED)
    require_text(note, "note", least=4, most=300)
    investigation.save(update_fields=["status"])
    record("tickets.investigation_dropped", investigation, actor=actor, case=ticket, note=note)
    save(ticket)
    return investigation
