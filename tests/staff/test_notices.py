"""Telling colleagues: the bell once per cause, mails by wish and hour, nothing dropped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django_q.models import OrmQ

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated
from compliance.models import AuditEvent, JournalEntry
from staff import notice_types, sweeps
from staff.models import Notice, NoticeDelivery, NoticePreference
from staff.notice_types import NoticeType
from staff.quiet_hours import after_quiet
from staff.roles import Role
from staff.services import deliveries, system_actor
from staff.services.notices import change_wishes, notify, read_notices
from staff.statuses import DeliveryStatus
from tests.factories.notices import TOLD, make_wishes, new_notice, tell
from tests.factories.people import make_user
from tests.kept import kept

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], list[str]]
MINUTE = timedelta(minutes=1)
# 23:30 on the desk's clock (Asia/Shanghai).
NIGHT = datetime(2026, 3, 5, 15, 30, tzinfo=UTC)
MORNING = datetime(2026, 3, 5, 23, 0, tzinfo=UTC)


def with_mail(**overrides: Any) -> Any:
    user = make_user(email="li@desk.example", **overrides)
    mail.outbox.clear()
    return user


def unread(user: Any) -> int:
    return Notice.objects.visible_to(user).unread().count()


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


# The bell


def test_a_notice_is_there_at_once_in_the_readers_language() -> None:
    user = make_user()

    (notice,) = tell(user, case_id=7, case_label="T-000007")

    assert (notice.title, notice.body) == ("About T-000001", "T-000001 needs you.")
    assert (notice.case_id, notice.case_label, notice.read_at) == (7, "T-000007", None)
    assert unread(user) == 1


def test_words_follow_the_language_and_times_the_desks_zone() -> None:
    kind = NoticeType("tests.promise", "%(promise)s", "until %(due_at)s")
    notice_types.register([kind])
    names = {"en": "First response", "zh-hans": "首次响应"}
    (notice,) = tell(
        make_user(), code=kind.code, params={"promise": names, "due_at": NIGHT.isoformat()}
    )

    with translation.override("zh-hans"):
        assert (notice.title, "23:30" in notice.body) == ("首次响应", True)
    with translation.override("en"):
        assert (notice.title, "23:30" in notice.body) == ("First response", True)


def test_the_same_cause_tells_each_person_once(run_jobs: RunJobs) -> None:
    first, second = with_mail(), make_user()

    told = [
        [one.recipient for one in tell(first, first, source_key="late:1")],
        [one.recipient for one in tell(first, second, source_key="late:1")],
        [one.recipient for one in tell(first, second, source_key="late:1")],
    ]
    run_jobs()

    assert told == [[first], [second], []]
    assert len(mail.outbox) == 1


def test_who_left_and_machines_are_not_told() -> None:
    left, machine = make_user(is_active=False), make_user(Role.SERVICE_ACCOUNT)

    assert tell(left, machine, system_actor()) == []
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code": "tests.unknown"}, LookupError),
        ({"params": {}}, KeyError),
        ({"url": "https://elsewhere.example/"}, ValueError),
        ({"url": "//elsewhere.example/"}, ValueError),
    ],
)
def test_a_notice_that_makes_no_sense_is_refused(
    wrong: dict[str, Any], error: type[Exception]
) -> None:
    user = with_mail()

    with pytest.raises(error):
        notify([user], new_notice(**wrong), actor=system_actor())

    assert (Notice.objects.count(), NoticeDelivery.objects.count()) == (0, 0)
    assert OrmQ.objects.count() == 0


def test_telling_three_costs_as_many_queries_as_telling_one_but_for_the_jobs() -> None:
    system_actor()
    people = [make_user(email=f"p{number}@desk.example") for number in range(3)]

    tell(people[0])

    with CaptureQueriesContext(connection) as one:
        tell(people[0])
    before = OrmQ.objects.count()
    with CaptureQueriesContext(connection) as three:
        tell(*people)

    assert (OrmQ.objects.count() - before, len(three) - len(one)) == (3, 2)


def test_reading_is_for_oneself_only() -> None:
    mine, other = make_user(), make_user()
    tell(mine)
    tell(mine)
    (theirs,) = tell(other)

    assert read_notices(actor=mine, notice_id=theirs.pk) == 0
    assert read_notices(actor=mine) == 2
    assert read_notices(actor=mine) == 0
    assert (unread(mine), unread(other)) == (0, 1)


def test_unread_count_uses_its_index() -> None:
    user = make_user()
    many = [
        Notice(
            recipient=user,
            code=TOLD.code,
            url="/admin/",
            urgency="normal",
            source_key=f"old:{number}",
            created_at=now(),
            read_at=now(),
        )
        for number in range(2000)
    ]
    Notice.objects.bulk_create(many)
    tell(user)

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staff_notice")
        plan = Notice.objects.visible_to(user).unread()[:100].explain()

    assert "notice_unread" in plan


def test_retired_notice_is_shown_by_its_code() -> None:
    (notice,) = tell(make_user())
    notice.code = "tests.retired"

    assert (notice.title, notice.body) == ("tests.retired", "")


# Mail


def test_mail_goes_out_in_the_language_of_the_person(run_jobs: RunJobs) -> None:
    tell(with_mail(), url="/admin/tickets/ticket/T-000001/change/")

    assert run_jobs() == ["staff.send_notice"]

    (sent,) = mail.outbox
    delivery = NoticeDelivery.objects.get()
    assert (sent.subject, sent.to) == ("About T-000001", ["li@desk.example"])
    assert "http://127.0.0.1:8000/admin/tickets/ticket/T-000001/change/" in sent.body
    assert sent.extra_headers["Message-ID"] == f"<notice-{delivery.pk}@desk.example>"
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.SENT, 1)


@pytest.mark.parametrize(
    ("urgency", "wishes", "mails"),
    [
        ("low", None, 0),
        ("normal", None, 1),
        ("urgent", None, 1),
        ("low", {"mail_low": True}, 1),
        ("normal", {"mail_normal": False}, 0),
        ("urgent", {"mail_urgent": False}, 0),
    ],
)
def test_mail_follows_the_wishes(
    run_jobs: RunJobs, urgency: str, wishes: dict[str, bool] | None, mails: int
) -> None:
    user = with_mail()
    if wishes:
        make_wishes(user, **wishes)

    tell(user, urgency=urgency)
    run_jobs()

    assert (len(mail.outbox), unread(user)) == (mails, 1)


def test_without_an_address_there_is_the_bell_only() -> None:
    tell(make_user())

    assert (Notice.objects.count(), NoticeDelivery.objects.count()) == (1, 0)


def test_who_leaves_before_the_mail_goes_gets_none(run_jobs: RunJobs) -> None:
    user = with_mail()
    tell(user)
    user.is_active = False
    user.save()

    run_jobs()

    delivery = NoticeDelivery.objects.get()
    assert delivery.status == DeliveryStatus.SKIPPED
    assert delivery.error == kept("该人员已离职。 / The person has left.")
    assert mail.outbox == []


# Quiet hours


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        (None, NIGHT, NIGHT),
        ((time(22), time(7)), NIGHT, MORNING),
        ((time(22), time(7)), MORNING, MORNING),
        ((time(22), time(7)), MORNING - MINUTE, MORNING),
        ((time(22), time(23, 30)), NIGHT, NIGHT),
        ((time(22), time(23, 31)), NIGHT, NIGHT + MINUTE),
        ((time(23, 30), time(0)), NIGHT, NIGHT + 30 * MINUTE),
        ((time(8), time(20)), NIGHT, NIGHT),
    ],
)
def test_quiet_hours_end_when_they_say(
    hours: tuple[time, time] | None, moment: datetime, expected: datetime
) -> None:
    assert after_quiet(hours, moment) == expected


def test_quiet_hours_delay_the_mail_never_the_bell(run_jobs: RunJobs) -> None:
    user = with_mail()
    make_wishes(user, quiet_from=time(22), quiet_until=time(7))

    with at(NIGHT):
        tell(user)
        bell = unread(user)
        early = run_jobs(), sweeps.ring_unsent_notices(), len(mail.outbox)
    with at(MORNING - MINUTE):
        early_still = run_jobs(), len(mail.outbox)
    with at(MORNING):
        done = run_jobs(), len(mail.outbox)

    delivery = NoticeDelivery.objects.get()
    assert (bell, early, early_still) == (1, ([], 0, 0), ([], 0))
    assert done == (["staff.send_notice"], 1)
    assert (delivery.is_held_back, delivery.send_after) == (True, MORNING)


@pytest.mark.parametrize(
    ("urgency", "breaks", "mails"), [("urgent", True, 1), ("urgent", False, 0), ("normal", True, 0)]
)
def test_urgent_notices_break_quiet_hours_where_one_wants(
    run_jobs: RunJobs, urgency: str, breaks: bool, mails: int
) -> None:
    user = with_mail()
    make_wishes(user, quiet_from=time(22), quiet_until=time(7), urgent_breaks_quiet=breaks)

    with at(NIGHT):
        tell(user, urgency=urgency)
        run_jobs()

    assert len(mail.outbox) == mails


# Wishes


def test_wishes_are_kept_and_recorded() -> None:
    user = make_user()

    change_wishes({"mail_low": True, "digest_hour": 9}, actor=user)
    change_wishes({"mail_low": False}, actor=user)

    wishes = NoticePreference.objects.get(user=user)
    assert (wishes.mail_low, wishes.digest_hour, wishes.history.count()) == (False, 9, 2)
    fields = AuditEvent.objects.filter(code="staff.wishes_changed").order_by("id")
    assert [one.data["fields"] for one in fields] == [["digest_hour", "mail_low"], ["mail_low"]]
    entries = JournalEntry.objects.filter(table_name="staff_noticepreference")
    assert {entry.actor_id for entry in entries} == {user.pk}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"quiet_from": time(22)}, "quiet_hours"),
        ({"quiet_from": time(22), "quiet_until": time(22)}, "quiet_hours"),
        ({"user_id": 1}, "not_changeable"),
    ],
)
def test_odd_wishes_are_refused(values: dict[str, Any], code: str) -> None:
    user = make_user()

    with pytest.raises(RuleViolated) as refusal:
        change_wishes(values, actor=user)

    assert refusal.value.code == code
    assert NoticePreference.objects.count() == 0
    assert not AuditEvent.objects.filter(code="staff.wishes_changed").exists()


# Lost alarms


def test_notice_whose_alarm_was_lost_is_sent_once(run_jobs: RunJobs) -> None:
    tell(with_mail())
    OrmQ.objects.all().delete()

    with at(now() + MINUTE):
        rung = [sweeps.ring_unsent_notices(), sweeps.ring_unsent_notices()]
        run_jobs()
        rung.append(sweeps.ring_unsent_notices())

    assert (rung, len(mail.outbox)) == ([1, 1, 0], 1)


def test_notice_of_a_dead_sender_is_sent_after_its_lease(run_jobs: RunJobs) -> None:
    tell(with_mail())
    OrmQ.objects.all().delete()
    delivery = NoticeDelivery.objects.get()
    assert deliveries.claim_delivery(delivery.pk, actor=system_actor()) is not None
    assert deliveries.claim_delivery(delivery.pk, actor=system_actor()) is None

    with at(now() + 4 * MINUTE):
        assert sweeps.ring_unsent_notices() == 0
    with at(now() + 6 * MINUTE):
        assert sweeps.ring_unsent_notices() == 1
        run_jobs()

    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, len(mail.outbox)) == (DeliveryStatus.SENT, 2, 1)


def test_a_notice_whose_senders_die_is_parked_after_the_last_attempt() -> None:
    tell(with_mail())
    delivery, machine = NoticeDelivery.objects.get(), system_actor()
    moment, claims, rung = delivery.send_after, 0, []

    for _round in range(deliveries.MOST_ATTEMPTS + 2):
        with at(moment):
            claims += deliveries.claim_delivery(delivery.pk, actor=machine) is not None
        moment += 6 * MINUTE
        with at(moment):
            rung.append(sweeps.ring_unsent_notices())

    delivery.refresh_from_db()
    assert (claims, rung) == (deliveries.MOST_ATTEMPTS, [1] * deliveries.MOST_ATTEMPTS + [0, 0])
    assert (delivery.status, delivery.attempts, delivery.leased_until) == ("parked", 6, None)
    assert "The sender ended before the last attempt had an answer." in delivery.error
    assert AuditEvent.objects.get(code="staff.notice_parked").note == kept(
        "发送程序在最后一次尝试得到结果前就结束了。系统不会再自动重试：管理员可重新发送。"
        " / The sender ended before the last attempt had an answer."
        " It is not tried again by itself: an administrator can send it again."
    )


def test_notice_types_are_registered_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        notice_types.register([NoticeType(TOLD.code, "Something else")])
