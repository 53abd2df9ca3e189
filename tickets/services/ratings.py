"""Asking for a rating and taking the answer.

One invitation per resolution, at most one per person and ``SURVEY_COOLDOWN_DAYS``, never to those
who declined or whom no mail reaches. Whether to ask is decided by rule alone, so nobody picks whom
to ask.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from customers.models import Customer
from customers.queries import family_of
from staff.models import User
from tickets.choices import MailPurpose
from tickets.models import CsatResponse, Ticket
from tickets.policies import can_work
from tickets.services.letters import compose
from tickets.services.outbox import queue_mail, unmailable
from tickets.services.shared import due_kept, lock_ticket, require_text, save
from tickets.statuses import SurveyStatus, TicketStatus

ANSWER_WINDOW = timedelta(days=14)


@service
def invite_rating(ticket_id: int, *, actor: User) -> CsatResponse | None:
    """Ask how it went; ``None`` when the rules say not to ask. Asking twice is once."""
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    if ticket.status != TicketStatus.RESOLVED or ticket.customer_id is None:
        return None
    if unmailable(ticket):
        return None
    person = _records_of(ticket.customer_id)
    round_ = ticket.reopened_count + 1
    if not _may_be_asked(person) or ticket.ratings.filter(round=round_).exists():
        return None
    letter = compose(ticket, MailPurpose.SURVEY, f"survey:{ticket.pk}:{round_}", actor=actor)
    if queue_mail(ticket, letter, actor=actor) is None:
        return None
    response = _invitation(ticket, round_)
    customer = next(one for one in person if one.pk == ticket.customer_id)
    customer.last_surveyed_at = response.invited_at
    customer.save(update_fields=["last_surveyed_at"])
    with due_kept(ticket):
        record("tickets.survey_invited", response, actor=actor, case=ticket)
    return response


def _records_of(customer_id: int) -> list[Customer]:
    """Every record that is this person after merges, locked: each keeps what was asked under it,
    so that a merge can be undone."""
    family = family_of(customer_id)
    return list(Customer.objects.locked().filter(pk__in=family).order_by("pk"))


def _may_be_asked(person: list[Customer]) -> bool:
    """Whether nobody declined under any record and the last time lies long enough ago."""
    since = now() - timedelta(days=settings.SURVEY_COOLDOWN_DAYS)
    return all(
        one.wants_surveys and (one.last_surveyed_at is None or one.last_surveyed_at <= since)
        for one in person
    )


def _invitation(ticket: Ticket, round_: int) -> CsatResponse:
    moment = now()
    response = CsatResponse(
        ticket=ticket, round=round_, invited_at=moment, expires_at=moment + ANSWER_WINDOW
    )
    response.save(force_insert=True)
    return response


@service
def rate(ticket_id: int, *, actor: User, score: int, comment: str = "") -> CsatResponse:
    """Take the customer's rating, 1 to 5, once per resolution; asked for or given unasked.

    Raises ``InvalidTransition`` before the result was told or when it was rated already.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_work(actor, ticket))
    if not 1 <= score <= 5:
        raise RuleViolated("score_range", _("Choose 1 to 5."), field="score")
    if ticket.status not in (TicketStatus.RESOLVED, TicketStatus.CLOSED):
        raise InvalidTransition(_("This can be rated once the result was told."))
    round_ = ticket.reopened_count + 1
    response = ticket.ratings.locked().filter(round=round_).first() or _invitation(ticket, round_)
    move(response, SurveyStatus.ANSWERED)
    response.score, response.answered_at = score, now()
    response.comment = require_text(comment, "comment", least=0, most=2000)
    response.save(update_fields=["status", "score", "answered_at", "comment"])
    ticket.rated_at = response.answered_at
    record("tickets.rated", response, actor=actor, case=ticket, data={"score": score})
    save(ticket, "rated_at")
    return response


@service
def expire_rating(response_id: int, *, actor: User) -> CsatResponse:
    """The time to answer is over."""
    found = CsatResponse.objects.get(pk=response_id)
    ticket = lock_ticket(found.ticket_id, actor)
    response = CsatResponse.objects.locked().get(pk=response_id)
    move(response, SurveyStatus.EXPIRED)
    response.save(update_fields=["status"])
    with due_kept(ticket):
        record("tickets.survey_expired", response, actor=actor, case=ticket)
    return response
