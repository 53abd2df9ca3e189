"""The closing gate: a case closes only when every registered condition holds.

Upper apps (returns, handoffs) register theirs from ``AppConfig.ready()``. A gate that ``is_live``
also keeps the case from being canceled or merged away: something is under way elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import Text
from aftersales.kernel.prepared import prepared
from tickets.models import (
    Attachment,
    FollowUp,
    Investigation,
    OutboundMail,
    Proposal,
    Ticket,
    TicketLink,
)
from tickets.statuses import STUCK, FollowUpStatus, InvestigationStatus, MailStatus, ProposalStatus
from tickets.steps import FULL_LOOP_KINDS

Annotation = Callable[[], models.expressions.Combinable | Exists]


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition.

    ``blocks`` reads the case alone, or the annotation ``gate_<code>`` if ``query`` is given, so
    that all gates of a case cost one statement.
    """

    code: str
    label: Text
    how_to: Text
    blocks: Callable[[Ticket], bool]
    query: Callable[[], Exists] | None = None
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class GateState:
    """How one condition stands for one case, and what to do about it."""

    code: str
    label: str
    how_to: str
    is_open: bool
    is_live: bool = False


_gates: dict[str, Gate] = {}
_flags: dict[str, Callable[[], Exists]] = {}


def register(gate: Gate) -> None:
    if _gates.setdefault(gate.code, gate) != gate:
        raise ValueError(f"gate {gate.code} is registered twice")


def register_flag(code: str, query: Callable[[], Exists]) -> None:
    """Let a case carry ``flag_<code>`` when its page loads it, so that a panel of an upper app
    need not ask whether it has anything to show."""
    _flags[code] = query


def annotated(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Add what the gates read to many cases, in the same statement that loads them."""
    return tickets.annotate(**_queries())


def _queries() -> dict[str, Exists]:
    return {f"gate_{gate.code}": gate.query() for gate in _gates.values() if gate.query}


def mark(ticket: Ticket) -> Ticket:
    """Put what the gates read and the flags onto one case, as ``annotated`` would; one query."""
    statement, params = _marks(tuple(_gates), tuple(_flags))
    with prepared(), connection.cursor() as cursor:
        cursor.execute(statement, [*params, ticket.pk])
        names = [column.name for column in cursor.description]
        (row,) = cursor.fetchall()
    ticket.__dict__.update(zip(names, row, strict=True))
    return ticket


@cache
def _marks(_known_gates: tuple[str, ...], _known_flags: tuple[str, ...]) -> tuple[str, list[Any]]:
    """The statement behind ``mark``: the ORM needs longer to write it than the server to answer."""
    flags = {f"flag_{code}": query() for code, query in _flags.items()}
    rows = Ticket._default_manager.order_by().values(**_queries(), **flags)
    statement, params = rows.query.sql_with_params()
    table = connection.ops.quote_name(Ticket._meta.db_table)
    return f"{statement} WHERE {table}.id = %s", list(params)


def states(ticket: Ticket) -> list[GateState]:
    """Every condition for a case; reads them anew unless the case carries them (one query)."""
    probe = ticket
    if any(gate.query and not hasattr(ticket, f"gate_{gate.code}") for gate in _gates.values()):
        probe = mark(copy(ticket))
    return [
        GateState(
            gate.code, str(gate.label), str(gate.how_to), not gate.blocks(probe), gate.is_live
        )
        for gate in _gates.values()
    ]


def blocking(ticket: Ticket) -> list[GateState]:
    """The conditions that keep a case from closing."""
    return [state for state in states(ticket) if not state.is_open]


def _exists(model: type[models.Model], **conditions: object) -> Callable[[], Exists]:
    return lambda: Exists(model._default_manager.filter(ticket=OuterRef("pk"), **conditions))


def live(ticket: Ticket) -> list[GateState]:
    """What is under way in upper apps: the case can be neither canceled nor merged away."""
    if not any(gate.is_live for gate in _gates.values()):
        return []
    return [state for state in states(ticket) if state.is_live and not state.is_open]


# The conditions of the tickets app itself.
OWN = (
    Gate(
        "result_told",
        _("The customer was told the result"),
        _("Tell the customer the result."),
        lambda ticket: ticket.result_told_at is None,
    ),
    Gate(
        "investigation_done",
        _("No investigation is open"),
        _("Conclude or drop the investigation."),
        lambda ticket: bool(ticket.gate_investigation_done),  # type: ignore[attr-defined]
        _exists(Investigation, status=InvestigationStatus.OPEN),
    ),
    Gate(
        "proposal_settled",
        _("What was proposed is answered and carried out"),
        _("Carry out the accepted remedy, or withdraw the proposal."),
        lambda ticket: bool(ticket.gate_proposal_settled),  # type: ignore[attr-defined]
        _exists(Proposal, status__in=[ProposalStatus.OFFERED, ProposalStatus.ACCEPTED]),
    ),
    Gate(
        "cause_recorded",
        _("Root cause and responsible party are recorded"),
        _("Conclude an investigation, or fill in cause and responsible party."),
        lambda ticket: (
            ticket.kind in FULL_LOOP_KINDS and not (ticket.root_cause and ticket.responsible_party)
        ),
    ),
    Gate(
        "mail_delivered",
        _("Every mail has left and none came back"),
        _("Wait for the outbox, or deal with the mail that is parked or came back."),
        lambda ticket: bool(ticket.gate_mail_delivered),  # type: ignore[attr-defined]
        _exists(
            OutboundMail,
            status__in=[MailStatus.QUEUED, MailStatus.SENDING, *STUCK],
        ),
    ),
    Gate(
        "follow_ups_done",
        _("Nothing promised is left to do"),
        _("Do or cancel the planned follow-ups."),
        lambda ticket: bool(ticket.gate_follow_ups_done),  # type: ignore[attr-defined]
        _exists(FollowUp, status=FollowUpStatus.PLANNED),
    ),
)


def register_own() -> None:
    for gate in OWN:
        register(gate)
    register_flag("links", _linked)
    register_flag("files", _exists(Attachment))
    register_flag("investigation", _exists(Investigation))
    register_flag("proposal", _exists(Proposal))
    register_flag("followup", _exists(FollowUp))


def _linked() -> Exists:
    either = Q(ticket=OuterRef("pk")) | Q(target=OuterRef("pk"))
    return Exists(TicketLink.objects.filter(either, canceled_at=None))
