"""The door for what a customer said to another program (a shop's chat, an app) about a known case.

Row and message are one transaction: the caller gets a refusal as an answer and may try again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated, require
from aftersales.kernel.ids import ordered_uuid
from aftersales.kernel.reading import by_key
from aftersales.kernel.services import service
from staff.models import User
from tickets import files
from tickets.choices import Channel
from tickets.models import RawIntake, Ticket
from tickets.policies import can_relay
from tickets.querysets import is_seen
from tickets.services.intake.door import Arrival, Receipt, seen_again, store
from tickets.services.intake.forms import Form
from tickets.services.intake.verdicts import (
    Verdict,
    has_enough_messages,
    is_first_message,
    settle,
)
from tickets.services.opening import Words, landing, receive_message
from tickets.services.shared import require_text
from tickets.statuses import IntakeOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Relayed:
    """What was said. The same words under the caller's own number ``external_id`` are one
    message."""

    body: str
    channel: str = Channel.API
    author_name: str = ""
    external_id: str = ""


@service
def relay(ticket_id: int, said: Relayed, *, actor: User) -> Receipt:
    """Put a customer's words on the case they belong to; a flood of them waits for a person.

    A number used before gives the message of then; ``RuleViolated`` if other words came under it.
    """
    ticket = by_key(Ticket, ticket_id)
    if not is_seen(ticket, actor):
        raise Ticket.DoesNotExist
    require(can_relay(actor))
    require_text(said.body, "body", least=1)
    raw = raw_words(ticket, said, actor)
    arrival = Arrival(
        channel=Channel.API,
        raw=raw,
        # Numbers of cases begin with a digit, so the two never meet.
        external_id=f"words:{actor.pk}:{said.external_id or ordered_uuid()}",
        sender=said.author_name,
        subject=ticket.subject,
    )
    digest = files.put(raw)
    intake, is_new = store(arrival, digest, actor=actor)
    if is_new:
        settle(intake, judge(ticket, said, actor), actor=actor)
        return Receipt(intake, IntakeOutcome(intake.outcome), intake.reason)
    if intake.digest != digest:
        raise RuleViolated(
            "external_id_reused",
            _("This number was used for other words."),
            field="external_id",
        )
    known = seen_again(RawIntake.objects.locked().get(pk=intake.pk))
    return Receipt(known, IntakeOutcome.DUPLICATE, str(_("Received before.")))


def raw_words(ticket: Ticket, said: Relayed, actor: User) -> bytes:
    """Who said what to which case, in the shape of a form, so that a person may make a case of
    it."""
    form = asdict(Form(subject="", body=said.body, name=said.author_name))
    told = {
        "ticket": ticket.number,
        "number": said.external_id,
        "channel": said.channel,
        "actor": actor.pk,
        "files": [],
    }
    words = json.dumps(form | told, ensure_ascii=False, sort_keys=True)
    return words.encode("utf-8", "replace")


def judge(ticket: Ticket, said: Relayed, actor: User) -> Verdict:
    """On the case, on the one that continues it, or set aside."""
    if has_enough_messages(landing(ticket)):
        return Verdict(
            outcome=IntakeOutcome.QUARANTINED,
            reason=_("Too many messages on this case within an hour."),
        )
    customer = ticket.customer
    words = Words(
        body=said.body,
        channel=said.channel,
        author_name=said.author_name or (customer.name if customer else ""),
    )
    message = receive_message(ticket.pk, words, actor=actor)
    is_new = is_first_message(message)
    return Verdict(
        outcome=IntakeOutcome.TICKET if is_new else IntakeOutcome.MESSAGE,
        reason=_("Continues a finished case.") if is_new else "",
        ticket=message.ticket,
        message=message,
    )
