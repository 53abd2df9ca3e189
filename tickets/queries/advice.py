"""What to do now and why, and what was promised: read off a case page, no query of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from aftersales.kernel.clock import now
from clocks.words import span_words
from tickets.models import Ticket
from tickets.queries.case import CasePage, ClockRow
from tickets.queries.under_way import Turn
from tickets.statuses import ProposalStatus, TicketStatus
from tickets.steps import Step, StepState, steps

TAKING_IN = (Step.ACKNOWLEDGED, Step.ASSESSED, Step.ROUTED)
AFTER_THE_OFFER = (Step.CARRIED_OUT, Step.RESULT_TOLD, Step.RATED)


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do: the verb of its button, the row it is about, and another way."""

    title: str
    why: str
    verb: str = ""
    target: int = 0
    other: str = ""
    other_target: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise and how it stands; ``state`` is late, soon, running, quiet, kept or plain.

    ``clock`` is the key of what explains it, 0 where nothing runs.
    """

    label: str
    state: str
    words: str
    at: datetime | None
    clock: int = 0


def waits_for_us(page: CasePage) -> bool:
    """The customer said something after our last answer or offer."""
    wrote = page.timeline.last_inbound_at
    if wrote is None or page.ticket.status == TicketStatus.PENDING:
        return False
    answers = [page.timeline.last_outbound_at, *(row.offered_at for row in page.proposals)]
    return all(at is None or wrote > at for at in answers)


def advise(page: CasePage) -> Advice:
    """The next step of a case, for whoever may take it."""
    ticket = page.ticket
    if page.merged_into:
        return Advice(
            _("Continue in %(number)s") % {"number": page.merged_into},
            _("This case was merged; everything that arrives goes there."),
        )
    if ticket.status == TicketStatus.CLOSED:
        return _after_the_end(ticket, _("Closed"), ticket.closed_at)
    if ticket.status == TicketStatus.CANCELED:
        return _after_the_end(ticket, _("Canceled"), ticket.updated_at)
    if ticket.status == TicketStatus.RESOLVED:
        return _before_closing(page)
    current = next((step for step in steps(ticket) if step.state == "current"), None)
    return _interrupted(page, current) or _under_way(page, current) or _by_step(page, current)


def _after_the_end(ticket: Ticket, word: str, at: datetime | None) -> Advice:
    if ticket.lesson or ticket.status != TicketStatus.CLOSED:
        return Advice(word, _("Nothing is left to do here."))
    return Advice(word, _("Is there something to learn from this case?"), "learn")


def _before_closing(page: CasePage) -> Advice:
    left = [state for state in page.gate_states if not state.is_open]
    if left:
        return Advice(_("Not ready to close"), " ".join(state.how_to for state in left))
    days = settings.CLOSE_AFTER_DAYS
    still = [at for at in (page.ticket.resolved_at, page.timeline.touched_at) if at]
    closes_at = max(still) + timedelta(days=days) if still else None
    rest = span_words(closes_at - now()) if closes_at and closes_at > now() else ""
    why = _("Every condition holds.")
    if rest:
        why += " " + _("It closes by itself in %(rest)s unless somebody writes or works on it.") % {
            "rest": rest
        }
    return Advice(_("Close the case"), why, "close", other="reopen")


def _interrupted(page: CasePage, current: StepState | None) -> Advice | None:
    """What goes before the next step of the loop."""
    ticket = page.ticket
    if any(entry.is_stuck for entry in page.timeline.entries if not entry.is_event):  # type: ignore[union-attr]
        return Advice(
            _("A mail did not arrive"),
            _("Check the address; below it is sent again or settled, all mails in the outbox."),
            "contact-add",
        )
    if waits_for_us(page) and ticket.first_response_at and ticket.acknowledged_at:
        wrote = page.timeline.last_inbound_at
        since = span_words(now() - wrote) if wrote else ""
        return Advice(
            _("Answer the customer"),
            _("The customer wrote %(since)s ago and has no answer.") % {"since": since},
            "reply",
        )
    if ticket.status == TicketStatus.ON_HOLD:
        return _matter(page) or Advice(
            _("Waiting for others"), _waiting_reason(page), "resume", other="note"
        )
    waiting = ticket.status == TicketStatus.PENDING and page.live_proposal is None
    if waiting and current and current.step != Step.RATED:
        return _matter(page) or Advice(
            _("Waiting for the customer"),
            _("It comes back by itself when the customer answers."),
            "resume",
            other="follow-up",
        )
    return None


def _matter(page: CasePage) -> Advice | None:
    """What goods and money wait for, where that is under way."""
    if page.matter is None:
        return None
    other = "note" if page.ticket.status == TicketStatus.OPEN else "resume"
    title, why = str(page.matter.title), str(page.matter.why)
    return Advice(title, why, page.matter.verb, page.matter.target, other)


def _under_way(page: CasePage, current: StepState | None) -> Advice | None:
    """On a case in progress: what is ours to do once it is taken in. What others do is waited for
    only when nothing but the result is left, and told beside the next step before."""
    if page.matter is None or page.ticket.status == TicketStatus.PENDING:
        return None
    is_ours = page.matter.turn == Turn.OURS and (current is None or current.step not in TAKING_IN)
    if is_ours or current is None or current.step in AFTER_THE_OFFER:
        return _matter(page)
    advice = _by_step(page, current)
    return replace(advice, why=f"{advice.why} {page.matter.why}")


def _waiting_reason(page: CasePage) -> str:
    return page.timeline.waiting_for or _("Take it up again when what we wait for has come.")


def _by_step(page: CasePage, current: StepState | None) -> Advice:
    if current is None:
        return Advice(_("Resolve the case"), _("Every step is done."), "resolve")
    return ADVICE[current.step](page)


def _acknowledge(page: CasePage) -> Advice:
    why = _("The customer does not know yet that we have it.")
    return Advice(_("Acknowledge"), why, "acknowledge", other="reply")


def _assess(page: CasePage) -> Advice:
    why = _("Say how urgent, how serious and how complex it is.")
    return Advice(_("Assess the case"), why, "assess", other="take")


def _route(page: CasePage) -> Advice:
    return Advice(_("Give it to somebody"), _("Nobody has it yet."), "take", other="route")


def _investigate(page: CasePage) -> Advice:
    found = page.open_investigation
    if found is None:
        why = _("A complaint or return is settled on what happened, not on what is likely.")
        return Advice(_("Find out what happened"), why, "investigate")
    if not found.evidence:
        why = _("“%(question)s” has no evidence yet.") % {"question": found.question}
        return Advice(_("Collect evidence"), why, "evidence", found.pk, "conclude", found.pk)
    why = _("Say what happened, why, and who is responsible.")
    return Advice(_("Conclude the investigation"), why, "conclude", found.pk, "evidence", found.pk)


def _propose(page: CasePage) -> Advice:
    declined = any(row.status == ProposalStatus.DECLINED for row in page.proposals)
    why = _("The cause is known; offer the customer a way to put it right.")
    if declined:
        why = _("The customer declined the last offer; make another.")
    return Advice(_("Propose a remedy"), why, "propose")


def _accept(page: CasePage) -> Advice:
    offer = page.live_proposal
    if offer is None:
        return _propose(page)
    words = _(
        "Offered %(since)s ago: %(offer)s. The answer comes on the status page or to you."
    ) % {
        "since": span_words(now() - offer.offered_at),
        "offer": offer,
    }
    return Advice(_("Wait for the answer"), words, "accept", offer.pk, "decline", offer.pk)


def _carry_out(page: CasePage) -> Advice:
    offer = page.live_proposal
    if offer is None:
        return _propose(page)
    why = _("The customer accepted: %(offer)s. Do it, then say how.") % {"offer": offer}
    return Advice(_("Carry it out"), why, "carry-out", offer.pk)


def _tell(page: CasePage) -> Advice:
    why = _("The case can only be resolved once the customer knows the result.")
    return Advice(_("Tell the result"), why, "result", other="reply")


def _resolve(page: CasePage) -> Advice:
    return Advice(_("Resolve the case"), _("The customer was told the result."), "resolve")


ADVICE: dict[Step, Callable[[CasePage], Advice]] = {
    Step.ACKNOWLEDGED: _acknowledge,
    Step.ASSESSED: _assess,
    Step.ROUTED: _route,
    Step.INVESTIGATED: _investigate,
    Step.PROPOSED: _propose,
    Step.ACCEPTED: _accept,
    Step.CARRIED_OUT: _carry_out,
    Step.RESULT_TOLD: _tell,
    Step.RATED: _resolve,
}


def promises(page: CasePage) -> list[Promise]:
    """What is owed, nearest first, then what was kept."""
    ticket = page.ticket
    rows = [
        Promise(row.label, row.standing.tone, _words(row), row.at, row.pk) for row in page.clocks
    ]
    if (
        not ticket.is_finished
        and (offer := page.live_proposal)
        and offer.status == ProposalStatus.ACCEPTED
    ):
        rows.append(Promise(_("Carry out"), "plain", str(offer), offer.answered_at))
    if ticket.first_response_at:
        took = span_words(ticket.first_response_at - ticket.received_at)
        is_late = page.is_answered_late
        words = (_("after %(took)s, too late") if is_late else _("after %(took)s")) % {"took": took}
        tone = "late" if is_late else "kept"
        rows.append(Promise(_("First answer"), tone, words, ticket.first_response_at))
    if ticket.urged_count:
        words = _("%(count)s×") % {"count": ticket.urged_count}
        rows.append(Promise(_("Customer pressed"), "soon", words, ticket.last_urged_at))
    return rows


def _words(row: ClockRow) -> str:
    """The state as a word where the rest of the sentence does not say it."""
    standing = row.standing
    if standing.tone == "running" or standing.tone == "soon":
        return standing.text
    return f"{standing.word} {standing.text}"
