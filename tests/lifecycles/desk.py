"""Findings, notices on their way, years of holidays, promises, examples."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

import time_machine

from aftersales.kernel.clock import now
from aftersales.kernel.refs import Ref
from clocks.day_list import ListedDay
from clocks.models import CalendarYear, Clock
from clocks.services import import_year
from clocks.statuses import ClockState, YearStatus
from clocks.sweep import sweep_due
from compliance import services as compliance
from compliance.models import Finding
from compliance.services import record
from compliance.statuses import FindingStatus
from handoffs.models import CaseExample
from handoffs.services import examples
from handoffs.statuses import ExampleStatus
from staff.models import NoticeDelivery
from staff.services import deliveries
from staff.statuses import DeliveryStatus
from tests.factories.calendars import year_list
from tests.factories.clocks import clock_of, only_rule
from tests.factories.handoffs import make_example
from tests.factories.notices import make_finding, tell
from tests.factories.tickets import make_ticket, make_ticket_in
from tests.lifecycles.cast import Cast
from tests.lifecycles.table import Table
from tickets.models import Ticket

_serial = count(1_000)
HOUR = timedelta(hours=1)
AT_ONCE = timedelta(0)


# Finding


def hit_again(row: Any, cast: Cast) -> None:
    again = compliance.NewFinding(code=row.code, severity="high", title="First response")
    subject = Ref(row.subject_type, row.subject_id, row.subject_label)
    compliance.open_finding(subject, again, actor=cast.machine)


FINDING_VERBS = {
    "take": lambda row, cast: compliance.take_finding(row.pk, actor=cast.lead),
    "resolve": lambda row, cast: compliance.resolve_finding(
        row.pk, actor=cast.lead, note="put right"
    ),
    "accept_risk": lambda row, cast: compliance.accept_risk(
        row.pk, actor=cast.lead, note="one of a kind"
    ),
    "hit_again": hit_again,
}
FINDING_PATHS = {
    FindingStatus.OPEN: (),
    FindingStatus.IN_PROGRESS: ("take",),
    FindingStatus.RESOLVED: ("resolve",),
    FindingStatus.ACCEPTED_RISK: ("accept_risk",),
}


def make_finding_in(status: str, cast: Cast) -> Finding:
    row = make_finding(cast.lead, next(_serial))
    for verb in FINDING_PATHS[FindingStatus(status)]:
        FINDING_VERBS[verb](row, cast)
    return row


FINDING = Table(
    "finding",
    FindingStatus,
    make_finding_in,
    FINDING_VERBS,
    """
                 open           in_progress    resolved  accepted_risk
    take         in_progress    no             no        no
    resolve      resolved       resolved       no        no
    accept_risk  accepted_risk  accepted_risk  no        no
    hit_again    open           in_progress    open      accepted_risk
    """,
)


# A notice on its way


def claim(row: Any, cast: Cast, after: timedelta = AT_ONCE) -> None:
    with time_machine.travel(row.send_after + after, tick=False):
        deliveries.claim_delivery(row.pk, actor=cast.machine)


def sent(row: Any, cast: Cast) -> None:
    deliveries.record_delivery_sent(row.pk, actor=cast.machine)


def fail(row: Any, cast: Cast) -> None:
    deliveries.record_delivery_failed(row.pk, actor=cast.machine, note="mailbox full")


def fail_for_good(row: Any, cast: Cast) -> None:
    """This try and every further one the desk makes."""
    fail(row, cast)
    for number in range(deliveries.MOST_ATTEMPTS - row.attempts):
        claim(row, cast, (number + 1) * HOUR)
        fail(row, cast)


def skip(row: Any, cast: Cast) -> None:
    deliveries.skip_delivery(row.pk, actor=cast.machine, note="left the firm")


def make_delivery_in(status: str, cast: Cast) -> NoticeDelivery:
    (notice,) = tell(cast.lead)
    row = NoticeDelivery.objects.get(notice=notice)
    if status != DeliveryStatus.QUEUED:
        claim(row, cast)
        row.refresh_from_db()
    match status:
        case DeliveryStatus.SENT:
            sent(row, cast)
        case DeliveryStatus.SKIPPED:
            skip(row, cast)
        case DeliveryStatus.PARKED:
            fail_for_good(row, cast)
    return row


DELIVERY = Table(
    "notice",
    DeliveryStatus,
    make_delivery_in,
    {
        "claim": claim,
        "claim_after_lease": lambda row, cast: claim(row, cast, 24 * HOUR),
        "sent": sent,
        "fail": fail,
        "fail_for_good": fail_for_good,
        "skip": skip,
        "retry": lambda row, cast: deliveries.retry_delivery(row.pk, actor=cast.lead),
    },
    """
                       queued   sending  sent  parked  skipped
    claim              sending  -        -     -       -
    claim_after_lease  sending  sending  -     -       -
    sent               no       sent     no    no      no
    fail               no       queued   no    no      no
    fail_for_good      no       parked   no    no      no
    skip               no       skipped  no    no      no
    retry              no       no       no    queued  no
    """,
)


# A year of holidays


def take_over(cast: Cast, is_official: bool) -> None:
    day = ListedDay(date(2040, 1, 2), False, False, "New Year's Day", "元旦")
    listed = year_list(day, year=2040, is_official=is_official)
    import_year(listed, actor=cast.administrator)


def make_year_in(status: str, cast: Cast) -> CalendarYear:
    take_over(cast, status == YearStatus.OFFICIAL)
    return CalendarYear.objects.get(region="CN", year=2040)


YEAR = Table(
    "year",
    YearStatus,
    make_year_in,
    {
        "take_over_notice": lambda row, cast: take_over(cast, True),
        "take_over_guess": lambda row, cast: take_over(cast, False),
    },
    """
                      provisional  official
    take_over_notice  official     official
    take_over_guess   provisional  rule:official_list_exists
    """,
)


# A promise: it follows what is recorded on its case and never refuses


def happen(code: str, **data: Any) -> Any:
    """A verb that records this on the promise's case."""

    def call(row: Any, cast: Cast) -> None:
        case = Ticket.objects.get(pk=row.case_id)
        record(code, case, actor=cast.lead, case=case, data=data)

    return call


def take_back(row: Any, cast: Cast) -> None:
    """The answer that ended it is recalled."""
    happen("tickets.reply_undone", undoes=row.stopped_event)(row, cast)


def run_late(row: Any, cast: Cast) -> None:
    with time_machine.travel(now() + 2 * HOUR, tick=False):
        sweep_due(actor=cast.machine)


CLOCK_VERBS = {
    "answer": happen("tickets.replied"),
    "wait": happen("tickets.waiting", variant="pending"),
    "resume": happen("tickets.resumed"),
    "cancel": happen("tickets.canceled"),
    "take_back": take_back,
    "run_late": run_late,
}
CLOCK_PATHS = {
    ClockState.RUNNING: (),
    ClockState.PAUSED: ("wait",),
    ClockState.MET: ("answer",),
    ClockState.BREACHED: ("run_late",),
    ClockState.CANCELED: ("cancel",),
    ClockState.EXPIRED: ("run_late",),
}


def make_clock_in(status: str, cast: Cast) -> Clock:
    run_late(None, cast)  # so that later only this promise is left to be late
    only_rule(kind="right" if status == ClockState.EXPIRED else "service")
    row = clock_of(make_ticket(cast.lead))
    for verb in CLOCK_PATHS[ClockState(status)]:
        CLOCK_VERBS[verb](row, cast)
    return row


CLOCK = Table(
    "promise",
    ClockState,
    make_clock_in,
    CLOCK_VERBS,
    """
               running   paused    met      breached  canceled  expired
    answer     met       met       met      breached  canceled  expired
    wait       paused    paused    met      breached  canceled  expired
    resume     running   running   met      breached  canceled  expired
    cancel     canceled  canceled  met      canceled  canceled  expired
    take_back  running   paused    running  breached  running   expired
    run_late   breached  -         -        -         -         -
    """,
    column="state",
    beside={
        ("running", "expired"): "a right runs out where a promise is late: the last column",
        ("canceled", "breached"): "what was late before: tests/clocks/test_consume.py",
    },
)


# An example for colleagues


def withdraw(row: Any, cast: Cast) -> None:
    examples.withdraw_example(row.pk, actor=cast.lead, note="not typical")


def approve(row: Any, cast: Cast) -> None:
    examples.approve_example(row.pk, actor=cast.lead)


def make_example_in(status: str, cast: Cast) -> CaseExample:
    row = make_example(cast.agent, ticket=make_ticket_in("closed", cast.lead))
    match status:
        case ExampleStatus.APPROVED:
            approve(row, cast)
        case ExampleStatus.WITHDRAWN:
            withdraw(row, cast)
    return row


EXAMPLE = Table(
    "example",
    ExampleStatus,
    make_example_in,
    {"approve": approve, "withdraw": withdraw},
    """
              proposed   approved   withdrawn
    approve   approved   no         no
    withdraw  withdrawn  withdrawn  no
    """,
)

TABLES = [FINDING, DELIVERY, YEAR, CLOCK, EXAMPLE]
