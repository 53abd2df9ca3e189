"""What hangs on a case: investigation, proposal, follow-up, mail, what came in, survey."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import time_machine

from tests.factories.tickets import (
    make_follow_up,
    make_investigation,
    make_proposal,
    make_ticket,
    make_ticket_in,
)
from tests.lifecycles.cast import Cast
from tests.lifecycles.table import Table
from tests.tickets.mails import mail
from tickets import files
from tickets.models import FollowUp, Investigation, OutboundMail, Proposal, RawIntake
from tickets.services import (
    bounces,
    conversation,
    follow_ups,
    investigation,
    outbox,
    proposals,
    ratings,
)
from tickets.services.intake import decisions, door
from tickets.services.intake.verdicts import Verdict, settle
from tickets.statuses import (
    FollowUpStatus,
    IntakeOutcome,
    InvestigationStatus,
    MailStatus,
    ProposalStatus,
    SurveyStatus,
)

_serial = count(1)
HOUR = timedelta(hours=1)


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


# Investigation


def conclude(row: Any, cast: Cast) -> None:
    investigation.conclude_investigation(
        row.pk,
        actor=cast.lead,
        findings="Torn while packing.",
        root_cause="Packing knife",
        responsible_party="warehouse",
    )


def drop(row: Any, cast: Cast) -> None:
    investigation.drop_investigation(row.pk, actor=cast.lead, note="asked twice")


def make_investigation_in(status: str, cast: Cast) -> Investigation:
    row = make_investigation(make_ticket(cast.lead), cast.lead)
    match status:
        case InvestigationStatus.CONCLUDED:
            conclude(row, cast)
        case InvestigationStatus.CANCELED:
            drop(row, cast)
    return row


INVESTIGATION = Table(
    "investigation",
    InvestigationStatus,
    make_investigation_in,
    {
        "conclude": conclude,
        "drop": drop,
        "add_evidence": lambda row, cast: investigation.add_evidence(
            row.pk, actor=cast.lead, kind="statement", text="I saw it."
        ),
    },
    """
                  open       concluded  canceled
    conclude      concluded  no         no
    drop          canceled   no         no
    add_evidence  open       no         no
    """,
)


# Proposal

PROPOSAL_VERBS = {
    "accept": lambda row, cast: proposals.accept_proposal(row.pk, actor=cast.lead),
    "decline": lambda row, cast: proposals.decline_proposal(row.pk, actor=cast.lead),
    "withdraw": lambda row, cast: proposals.withdraw_proposal(
        row.pk, actor=cast.lead, note="out of stock"
    ),
    "carry_out": lambda row, cast: proposals.carry_out_proposal(
        row.pk, actor=cast.lead, note="voucher 12"
    ),
}
PROPOSAL_PATHS = {
    ProposalStatus.OFFERED: (),
    ProposalStatus.ACCEPTED: ("accept",),
    ProposalStatus.DECLINED: ("decline",),
    ProposalStatus.WITHDRAWN: ("withdraw",),
    ProposalStatus.CARRIED_OUT: ("accept", "carry_out"),
}


def make_proposal_in(status: str, cast: Cast) -> Proposal:
    row = make_proposal(make_ticket(cast.lead), cast.lead)
    for verb in PROPOSAL_PATHS[ProposalStatus(status)]:
        PROPOSAL_VERBS[verb](row, cast)
    return row


PROPOSAL = Table(
    "proposal",
    ProposalStatus,
    make_proposal_in,
    PROPOSAL_VERBS,
    """
               offered    accepted     declined  withdrawn  carried_out
    accept     accepted   no           no        no         no
    decline    declined   no           no        no         no
    withdraw   withdrawn  withdrawn    no        no         no
    carry_out  no         carried_out  no        no         no
    """,
)


# Follow-up


def complete(row: Any, cast: Cast) -> None:
    follow_ups.complete_follow_up(row.pk, actor=cast.lead, outcome="Reached, glad.")


def cancel(row: Any, cast: Cast) -> None:
    follow_ups.cancel_follow_up(row.pk, actor=cast.lead, note="called by herself")


def make_follow_up_in(status: str, cast: Cast) -> FollowUp:
    row = make_follow_up(make_ticket(cast.lead), cast.lead)
    match status:
        case FollowUpStatus.DONE:
            complete(row, cast)
        case FollowUpStatus.CANCELED:
            cancel(row, cast)
    return row


FOLLOW_UP = Table(
    "follow-up",
    FollowUpStatus,
    make_follow_up_in,
    {
        "complete": complete,
        "cancel": cancel,
        "remind": lambda row, cast: follow_ups.remind_follow_up(row.pk, actor=cast.machine),
    },
    """
              planned   done  canceled
    complete  done      no    no
    cancel    canceled  no    no
    remind    planned   -     -
    """,
)


# Mail


def claim(row: Any, cast: Cast, after: timedelta = timedelta(0)) -> None:
    with at(row.send_after + after):
        outbox.claim_mail(row.pk, actor=cast.machine)


def sent(row: Any, cast: Cast) -> None:
    outbox.record_mail_sent(row.pk, actor=cast.machine)


def fail(row: Any, cast: Cast) -> None:
    outbox.record_mail_failed(row.pk, actor=cast.machine, note="mailbox full")


def fail_for_good(row: Any, cast: Cast) -> None:
    """This try and every further one the desk makes."""
    fail(row, cast)
    for number in range(outbox.MOST_ATTEMPTS - row.attempts):
        claim(row, cast, (number + 1) * HOUR)
        fail(row, cast)


def recall(row: Any, cast: Cast) -> None:
    outbox.recall_mail(row.message, actor=cast.lead)


def do_without(row: Any, cast: Cast) -> None:
    outbox.settle_mail(row.pk, actor=cast.lead, note="told on the phone")


def bounce(row: Any, cast: Cast) -> None:
    bounces.came_back(row.pk, actor=cast.machine, note="no such mailbox")


def make_mail_in(status: str, cast: Cast) -> OutboundMail:
    ticket = make_ticket(cast.lead)
    message = conversation.reply(ticket.pk, actor=cast.lead, body="We look into it.")
    row = OutboundMail.objects.get(message=message)
    match status:
        case MailStatus.SENDING | MailStatus.SENT | MailStatus.BOUNCED:
            claim(row, cast)
            if status != MailStatus.SENDING:
                sent(row, cast)
            if status == MailStatus.BOUNCED:
                bounce(row, cast)
        case MailStatus.PARKED | MailStatus.SETTLED:
            fail_for_good(row, cast)
            if status == MailStatus.SETTLED:
                do_without(row, cast)
        case MailStatus.RECALLED:
            recall(row, cast)
    return row


MAIL = Table(
    "mail",
    MailStatus,
    make_mail_in,
    {
        "claim": claim,
        "claim_after_lease": lambda row, cast: claim(row, cast, 24 * HOUR),
        "sent": sent,
        "fail": fail,
        "fail_for_good": fail_for_good,
        "bounce": bounce,
        "recall": recall,
        "retry": lambda row, cast: outbox.retry_mail(row.pk, actor=cast.lead),
        "settle": do_without,
    },
    """
                       queued    sending  sent     parked    recalled  bounced   settled
    claim              sending   -        -        -         -         -         -
    claim_after_lease  sending   sending  -        -         -         -         -
    sent               no        sent     no       no        no        no        no
    fail               queued    queued   no       no        no        no        no
    fail_for_good      parked    parked   no       no        no        no        no
    bounce             queued    bounced  bounced  parked    recalled  bounced   settled
    recall             recalled  -        -        recalled  -         recalled  -
    retry              no        no       no       queued    no        queued    no
    settle             no        no       no       settled   no        settled   no
    """,
)


def make_hidden_mail_in(status: str, cast: Cast) -> OutboundMail:
    row = make_mail_in(status, cast)
    assert row.message
    conversation.hide_message(row.message.pk, actor=cast.lead, note="names somebody else")
    return row


HIDDEN_MAIL = Table(
    "mail of a hidden answer",
    MailStatus,
    make_hidden_mail_in,
    {
        "claim": claim,
        "claim_after_lease": lambda row, cast: claim(row, cast, 24 * HOUR),
        "sent": sent,
        "fail": fail,
        "retry": lambda row, cast: outbox.retry_mail(row.pk, actor=cast.lead),
    },
    """
                       sending   sent  recalled
    claim              -         -     -
    claim_after_lease  recalled  -     -
    sent               sent      no    no
    fail               recalled  no    no
    retry              no        no    no
    """,
)


# What came in


def arrive(cast: Cast) -> RawIntake:
    number = next(_serial)
    raw = mail(
        b"The zip broke.",
        From=f"Wang <lifecycle{number}@example.com>",
        Subject="Broken zip",
        Message_ID=f"<lifecycle{number}@example.com>",
    )
    arrival = door.Arrival(channel="mail", raw=raw, external_id=f"lifecycle{number}@example.com")
    row, _is_new = door.store(arrival, files.put(raw), actor=cast.machine)
    return row


def make_intake_in(status: str, cast: Cast) -> RawIntake:
    row = arrive(cast)
    match status:
        case IntakeOutcome.TICKET:
            door.process(row.pk, actor=cast.machine)
        case IntakeOutcome.QUARANTINED:
            door.quarantine(row.pk, actor=cast.machine, note="odd")
        case IntakeOutcome.MESSAGE | IntakeOutcome.DUPLICATE | IntakeOutcome.IGNORED:
            verdict = Verdict(outcome=IntakeOutcome(status), reason="odd", ticket=cast.ticket)
            settle(row, verdict, actor=cast.machine)
    return row


BY_CONTENT = "it hangs on what a stored message says: tests/tickets/test_receive_mail.py"
INTAKE = Table(
    "intake",
    IntakeOutcome,
    make_intake_in,
    {
        "process": lambda row, cast: door.process(row.pk, actor=cast.machine),
        "quarantine": lambda row, cast: door.quarantine(row.pk, actor=cast.machine, note="odd"),
        "try_again": lambda row, cast: door.try_again(row.pk, actor=cast.machine),
        "open_case": lambda row, cast: decisions.open_case(row.pk, actor=cast.lead),
        "put_on_case": lambda row, cast: decisions.put_on_case(
            row.pk, actor=cast.lead, number=cast.ticket.number
        ),
        "ignore": lambda row, cast: decisions.ignore(row.pk, actor=cast.lead, note="spam again"),
    },
    """
                 stored       ticket  message  duplicate  ignored  quarantined
    process      ticket       -       -        -          -        -
    quarantine   quarantined  -       -        -          -        -
    try_again    stored       -       -        -          -        -
    open_case    no           no      no       no         no       ticket
    put_on_case  no           no      no       no         no       message
    ignore       no           no      no       no         no       ignored
    """,
    column="outcome",
    beside={
        ("stored", "message"): BY_CONTENT,
        ("stored", "duplicate"): BY_CONTENT,
        ("stored", "ignored"): BY_CONTENT,
    },
)


# Survey


def rate(row: Any, cast: Cast) -> None:
    ratings.rate(row.ticket_id, actor=cast.machine, score=4)


def expire(row: Any, cast: Cast) -> None:
    ratings.expire_rating(row.pk, actor=cast.machine)


def make_survey_in(status: str, cast: Cast) -> Any:
    ticket = make_ticket_in("resolved", cast.lead)
    row = ratings.invite_rating(ticket.pk, actor=cast.machine)
    match status:
        case SurveyStatus.ANSWERED:
            rate(row, cast)
        case SurveyStatus.EXPIRED:
            expire(row, cast)
    return row


SURVEY = Table(
    "survey",
    SurveyStatus,
    make_survey_in,
    {
        "rate": rate,
        "expire": expire,
        "invite": lambda row, cast: ratings.invite_rating(row.ticket_id, actor=cast.machine),
    },
    """
            invited   answered  expired
    rate    answered  no        no
    expire  expired   no        no
    invite  -         -         -
    """,
)

TABLES = [INVESTIGATION, PROPOSAL, FOLLOW_UP, MAIL, HIDDEN_MAIL, INTAKE, SURVEY]
