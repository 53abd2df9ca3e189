"""The daily digest: one mail a day per lead, in the lead's language, made from counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from aftersales.kernel.clock import now
from staff import digests, sweeps
from staff.digests import DigestLine
from staff.models import Notice, User
from staff.roles import Role
from tests.factories.notices import make_wishes, tell
from tests.factories.people import make_department, make_user
from tests.factories.staff import make_absence
from tests.factories.tickets import make_ticket
from tickets.models import Ticket
from tickets.services import handling

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], list[str]]
# Eight o'clock on the desk's clock (Asia/Shanghai).
EIGHT = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def make_lead(**overrides: Any) -> User:
    return make_user(Role.LEAD, **({"email": "lead@desk.example"} | overrides))


def test_lead_gets_one_mail_a_day_from_the_hour_on(run_jobs: RunJobs) -> None:
    lead = make_lead()
    done = []

    for moment in (EIGHT - HOUR / 60, EIGHT, EIGHT + HOUR, EIGHT + 24 * HOUR):
        with at(moment):
            done.append(sweeps.send_digests())
            run_jobs()

    assert done == [0, 1, 0, 1]
    assert [one.to for one in mail.outbox] == [[lead.email], [lead.email]]
    assert Notice.objects.unread().count() == 0


def test_digest_missed_by_a_silent_night_comes_when_the_desk_is_back() -> None:
    make_lead()

    with at(EIGHT + 9 * HOUR):
        assert sweeps.send_digests() == 1


def test_digest_counts_the_own_department(run_jobs: RunJobs) -> None:
    with at(EIGHT):
        lead = make_lead()
        make_wishes(lead, quiet_from=time(0), quiet_until=time(7))
        tickets = [make_ticket(lead) for _ in range(4)]
        handling.assign(tickets[0].pk, actor=lead, assignee=lead)
        elsewhere = make_department("logistics")
        handling.route(tickets[3].pk, actor=lead, department=elsewhere)
        for ticket, due in zip(tickets[:3], (-HOUR, HOUR, 9 * HOUR), strict=True):
            Ticket.objects.filter(pk=ticket.pk).update(due_at=now() + due)
    with at(EIGHT - 2 * HOUR):
        tell(lead)
    with at(EIGHT):
        sweeps.send_digests()
        run_jobs()

    digest = next(one for one in mail.outbox if "department" in one.subject)
    assert digest.subject == "Your department on 2026-03-05"
    assert digest.body.splitlines()[:5] == [
        "Unfinished cases: 3",
        "Late promises: 1",
        "Promises due within four hours: 1",
        "Cases without a person: 2",
        "Notices held back by quiet hours: 1",
    ]


def test_digest_speaks_the_language_of_the_lead(run_jobs: RunJobs) -> None:
    make_lead(language="zh-hans")

    with at(EIGHT):
        sweeps.send_digests()
        run_jobs()

    assert mail.outbox[0].subject == "2026-03-05 部门情况"
    assert "已超时的承诺: 0" in mail.outbox[0].body


@pytest.mark.parametrize("why", ["agent", "no mail", "not wished", "away", "left"])
def test_nobody_else_gets_a_digest(why: str) -> None:
    match why:
        case "agent":
            make_user(email="li@desk.example")
        case "no mail":
            make_lead(email="")
        case "not wished":
            make_wishes(make_lead(), digest_hour=None)
        case "away":
            make_absence(make_lead())
        case "left":
            make_lead(is_active=False)

    with at(EIGHT + HOUR):
        assert sweeps.send_digests() == 0

    assert Notice.objects.count() == 0


def test_hour_of_the_digest_is_the_leads_own() -> None:
    make_wishes(make_lead(), digest_hour=17)

    with at(EIGHT + 8 * HOUR):
        early = sweeps.send_digests()
    with at(EIGHT + 9 * HOUR):
        assert (early, sweeps.send_digests()) == (0, 1)


def test_lines_are_registered_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        digests.register([DigestLine("late", "Something else", lambda user, moment: 0)])
