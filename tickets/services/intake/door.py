"""Store, then look, each in a transaction of its own: a crash in between loses nothing.

Two deliveries of one message meet at the unique key (channel, sender's id): one stores, the other
waits for it, then counts. Whoever holds the row's lock while it is ``stored`` handles it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import TRANSIENT, DomainError
from aftersales.kernel.failures import technical
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.services import service
from compliance.models import AuditEvent
from compliance.services import record
from staff.models import User
from tickets import files
from tickets.choices import Channel
from tickets.models import Message, RawIntake, Ticket
from tickets.services.intake.feedback_rows import TWIN
from tickets.services.intake.forms_handling import judge_form
from tickets.services.intake.mail import is_same_mail, judge_mail
from tickets.services.intake.spelling import caller_id, clean_id, printable, twin_id
from tickets.services.intake.verdicts import Verdict, settle
from tickets.statuses import IntakeOutcome

log = logging.getLogger(__name__)
UNHANDLED = _("It could not be handled because of an error on our side: decide what becomes of it.")

Handler = Callable[[bytes, User], Verdict]
SWEEP_AFTER = timedelta(minutes=2)
# A message that ends the process that reads it would be tried for ever.
MOST_TRIES = 5
TRIED = "tickets.intake_retried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Bytes of a channel under the sender's own id; without one their digest is the id."""

    channel: str
    raw: bytes
    external_id: str = ""
    sender: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What this delivery came to; ``intake`` is the row it is counted on.

    The second delivery of a message is a ``duplicate`` here, while its row keeps the outcome of the
    first.
    """

    intake: RawIntake
    outcome: IntakeOutcome
    reason: str

    @property
    def ticket(self) -> Ticket | None:
        return self.intake.ticket


def receive(arrival: Arrival, *, actor: User) -> Receipt:
    """Take one message in. Never raises for what it contains; must not run inside a transaction.

    Raises database errors that say nothing about the message; if it was stored by then, the sweep
    finishes it.
    """
    digest = files.put(arrival.raw)
    with transaction.atomic(durable=True):
        intake, is_new = store(arrival, digest, actor=actor)
    if is_new:
        settled = attempt(intake.pk, actor=actor)
        return Receipt(settled, IntakeOutcome(settled.outcome), settled.reason)
    attempt(intake.pk, actor=actor)
    with transaction.atomic(durable=True):
        intake, is_twin = count_again(intake.pk, arrival, digest, actor=actor)
    if is_twin:
        return Receipt(intake, IntakeOutcome(intake.outcome), intake.reason)
    return Receipt(intake, IntakeOutcome.DUPLICATE, str(_("Received before.")))


@service
def store(arrival: Arrival, digest: str, *, actor: User) -> tuple[RawIntake, bool]:
    """Write the row of a first delivery, or find it; ``True`` when it is new."""
    external_id = clean_id(arrival.external_id) or f"sha256:{digest}"
    known = first_delivery(arrival.channel, external_id)
    if known is not None:
        return known, False
    intake = stored_row(arrival, external_id, digest)
    if not intake.save_unless_taken():
        return _first_deliveries(arrival.channel, external_id).get(), False
    record("tickets.intake_stored", intake, actor=actor, data={"sha256": digest})
    return intake, True


def stored_row(arrival: Arrival, external_id: str, digest: str) -> RawIntake:
    return RawIntake(
        channel=arrival.channel,
        external_id=external_id,
        digest=digest,
        size=len(arrival.raw),
        sender=printable(arrival.sender)[:254],
        subject=printable(arrival.subject)[:200],
        received_at=now(),
    )


def first_delivery(channel: str, external_id: str) -> RawIntake | None:
    return _first_deliveries(channel, external_id).first()


def _first_deliveries(channel: str, external_id: str) -> QuerySet[RawIntake]:
    """None or one, says a constraint."""
    return RawIntake.objects.filter(channel=channel, external_id=external_id).exclude(
        outcome=IntakeOutcome.DUPLICATE
    )


def attempt(intake_id: int, *, actor: User) -> RawIntake:
    """Handle a stored message; whatever goes wrong with its content puts it into quarantine."""
    try:
        return process(intake_id, actor=actor)
    except TRANSIENT:
        raise
    except DomainError as error:
        reason, problem = in_each_language(error.__str__), ""
    except Exception as error:  # the promise of one outcome is stronger than any bug
        log.exception("intake %s could not be handled", intake_id)
        reason, problem = in_each_language(UNHANDLED.__str__), printable(technical(error))
    return quarantine(intake_id, actor=actor, note=reason, error=problem)


@service
def process(intake_id: int, *, actor: User) -> RawIntake:
    """Turn a stored message into its one outcome; one that has an outcome is returned as it is."""
    intake = RawIntake.objects.locked().get(pk=intake_id)
    if intake.outcome == IntakeOutcome.STORED:
        verdict = HANDLERS[intake.channel](files.read(intake.digest), actor)
        settle(intake, verdict, actor=actor)
    return intake


@service
def quarantine(intake_id: int, *, actor: User, note: str, error: str = "") -> RawIntake:
    """Set a message aside for a person because handling it failed; ``error`` is for those who run
    the desk."""
    intake = RawIntake.objects.locked().get(pk=intake_id)
    if intake.outcome == IntakeOutcome.STORED:
        verdict = Verdict(outcome=IntakeOutcome.QUARANTINED, reason=note)
        settle(intake, verdict, actor=actor, note=note[:300], error=error)
    return intake


@service
def count_again(
    first_id: int, arrival: Arrival, digest: str, *, actor: User
) -> tuple[RawIntake, bool]:
    """Count a repeated delivery; other bytes under its id are set aside for a person.

    ``True`` when they are new; the same bytes later are counted on the row they were given.
    """
    first = RawIntake.objects.locked().get(pk=first_id)
    if first.digest == digest or says_the_same(first, arrival):
        return seen_again(first), False
    twin = RawIntake.objects.locked().filter(duplicate_of=first, digest=digest).first()
    if twin is not None:
        return seen_again(twin), False
    twin = stored_row(arrival, twin_id(first.external_id, digest), digest)
    twin.duplicate_of = first
    twin.save(force_insert=True)
    record("tickets.intake_stored", twin, actor=actor, data={"sha256": digest, "first": first.pk})
    settle(twin, Verdict(outcome=IntakeOutcome.QUARANTINED, reason=TWIN), actor=actor)
    return twin, True


def says_the_same(first: RawIntake, arrival: Arrival) -> bool:
    """Whether other bytes are the same mail by another route: it collects other stamps there."""
    is_mail = first.channel == Channel.MAIL and arrival.channel == Channel.MAIL
    return is_mail and is_same_mail(files.read(first.digest), arrival.raw)


def seen_again(intake: RawIntake) -> RawIntake:
    intake.seen_count += 1
    intake.save(update_fields=["seen_count"])
    return intake


@service
def keep(arrival: Arrival, message: Message, *, actor: User) -> RawIntake:
    """File what a door took in and answers at once, in the transaction that made the case of it.

    For callers who get a refusal as an answer and try again (the API): nothing of theirs waits.
    """
    digest, ticket = files.put(arrival.raw), message.ticket
    moment = now()
    intake = RawIntake(
        channel=arrival.channel,
        external_id=caller_id(actor.pk, arrival.external_id, ticket.number),
        digest=digest,
        size=len(arrival.raw),
        outcome=IntakeOutcome.TICKET,
        sender=printable(arrival.sender)[:254],
        subject=printable(arrival.subject)[:200],
        ticket=ticket,
        message=message,
        received_at=moment,
        handled_at=moment,
    )
    intake.save(force_insert=True)
    record(
        "tickets.intake_decided",
        intake,
        actor=actor,
        case=ticket,
        data={"outcome": intake.outcome, "channel": intake.channel},
    )
    return intake


@service
def try_again(intake_id: int, *, actor: User) -> bool:
    """Note another try before it is made, so that one which kills its worker is counted, too.

    ``False``, and quarantine, after ``MOST_TRIES``.
    """
    intake = RawIntake.objects.locked().get(pk=intake_id)
    if intake.outcome != IntakeOutcome.STORED:
        return False
    tries = AuditEvent.objects.filter(
        code=TRIED, subject_type=RawIntake._meta.label_lower, subject_id=intake.pk
    )
    count = {"count": MOST_TRIES}
    if tries.count() < MOST_TRIES:
        record(TRIED, intake, actor=actor)
        return True
    note = in_each_language(
        lambda: gettext("Handling it ended without a result %(count)s times.") % count
    )
    verdict = Verdict(outcome=IntakeOutcome.QUARANTINED, reason=note)
    settle(intake, verdict, actor=actor, note=note)
    return False


def process_stored(*, actor: User, older_than: timedelta = SWEEP_AFTER) -> int:
    """Finish what was stored and never handled; one message per transaction. Returns how many.

    One that the database refuses for reasons of its own stays for the next round.
    """
    waiting = RawIntake.objects.filter(
        outcome=IntakeOutcome.STORED, received_at__lt=now() - older_than
    )
    ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:500])
    done = 0
    for pk in ids:
        try:
            if try_again(pk, actor=actor):
                attempt(pk, actor=actor)
        except TRANSIENT:
            log.warning("intake %s stays for the next round", pk, exc_info=True)
        else:
            done += 1
    return done


HANDLERS: dict[str, Handler] = {
    Channel.MAIL: judge_mail,
    Channel.WEB: judge_form,
    Channel.API: judge_form,
    Channel.PORTAL: judge_form,
    Channel.WECHAT: judge_form,
    Channel.CHAT: judge_form,
    Channel.REVIEW: judge_form,
}
