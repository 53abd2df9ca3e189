"""Sweeps, heartbeat and health: each effect once, one bad duty alone, silence noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django_q.models import Failure, OrmQ, Schedule
from django_q.signing import SignedPackage

from aftersales import checks, health, schedules
from aftersales.demo.mailbox import FolderBackend
from aftersales.kernel import jobs
from aftersales.kernel.clock import now
from aftersales.schedules import CANARY, DUTIES, Duty, heartbeat, run_duties
from compliance.models import AuditEvent, Heartbeat, IdempotentRequest
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.tickets import deliver_mails, make_proposal, make_ticket, make_ticket_in
from tickets import sweeps
from tickets.models import OutboundMail, Presence
from tickets.services import conversation, follow_ups, handling, outbox, ratings
from tickets.services.opening import Words, receive_message
from tickets.statuses import MailStatus, TicketStatus

pytestmark = pytest.mark.django_db

RunJobs = Callable[[], list[str]]
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def later(by: timedelta) -> time_machine.travel:
    return time_machine.travel(now() + by, tick=False)


def lose_alarms() -> None:
    OrmQ.objects.all().delete()


# Mails


def test_mail_whose_alarm_was_lost_is_sent_once(run_jobs: RunJobs) -> None:
    ticket = make_ticket()
    handling.acknowledge(ticket.pk, actor=make_user())
    lose_alarms()

    with later(2 * MINUTE):
        rung = [sweeps.ring_unsent_mails(), sweeps.ring_unsent_mails()]
        run_jobs()
        rung.append(sweeps.ring_unsent_mails())

    assert rung == [1, 1, 0]
    assert len(mail.outbox) == 1
    assert ticket.mails.get().status == MailStatus.SENT


def test_fresh_mail_is_left_to_its_own_alarm() -> None:
    handling.acknowledge(make_ticket().pk, actor=make_user())

    assert sweeps.ring_unsent_mails() == 0


def test_mail_of_a_dead_sender_is_sent_after_its_lease(run_jobs: RunJobs) -> None:
    ticket, agent = make_ticket(), make_user()
    handling.acknowledge(ticket.pk, actor=agent)
    lose_alarms()
    outbox.claim_mail(ticket.mails.get().pk, actor=agent)

    with later(4 * MINUTE):
        during = sweeps.ring_unsent_mails()
    with later(6 * MINUTE):
        after = sweeps.ring_unsent_mails()
        run_jobs()

    assert (during, after, len(mail.outbox)) == (0, 1, 1)


def test_refused_mail_waits_longer_each_time_and_is_parked(
    run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: EmailMessage, fail_silently: bool = False) -> int:
        raise OSError("mailbox unavailable")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    ticket = make_ticket()
    handling.acknowledge(ticket.pk, actor=make_user())
    moment, waits = now(), []

    for _attempt in range(6):
        with time_machine.travel(moment, tick=False):
            sweeps.ring_unsent_mails()
            run_jobs()
            letter = ticket.mails.get()
            waits.append(round((letter.send_after - moment) / MINUTE))
        moment = letter.send_after + MINUTE

    assert waits[:5] == [1, 2, 4, 8, 16]
    assert letter.status == MailStatus.PARKED
    assert letter.last_error == "OSError: mailbox unavailable"
    assert AuditEvent.objects.filter(code="tickets.mail_parked").count() == 1


def test_long_queue_is_late_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    handling.acknowledge(make_ticket().pk, actor=make_user())
    monkeypatch.setattr(sweeps, "LONG_QUEUE", 0)

    with later(2 * MINUTE):
        assert sweeps.ring_unsent_mails() == 0


# Acknowledging


def test_absent_customers_are_acknowledged_when_the_alarm_was_lost() -> None:
    web, phone = make_ticket(channel="web"), make_ticket(channel="phone")
    lose_alarms()

    with later(3 * MINUTE):
        done = [sweeps.acknowledge_unacknowledged(), sweeps.acknowledge_unacknowledged()]

    web.refresh_from_db()
    phone.refresh_from_db()
    assert done == [1, 0]
    assert web.acknowledged_at is not None
    assert phone.acknowledged_at is None
    assert web.mails.count() == 1


def test_old_cases_are_not_acknowledged_any_more() -> None:
    make_ticket(channel="web")

    with later(4 * DAY):
        assert sweeps.acknowledge_unacknowledged() == 0


# Follow-ups and ratings


def test_due_follow_up_is_brought_up_once() -> None:
    agent = make_user()
    promised = follow_ups.plan_follow_up(
        make_ticket(agent).pk, actor=agent, kind="care", text="Call", due_at=now() + MINUTE
    )

    early = schedules.sweep_clocks()
    with later(2 * MINUTE):
        done = [schedules.sweep_clocks(), schedules.sweep_clocks()]

    promised.refresh_from_db()
    assert (early, done) == (0, [1, 0])
    assert promised.reminded_at is not None
    assert AuditEvent.objects.filter(code="tickets.follow_up_reminded").count() == 1


def test_invitation_to_rate_ends_after_two_weeks() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in(TicketStatus.RESOLVED, lead)
    response = ratings.invite_rating(ticket.pk, actor=lead)

    with later(13 * DAY):
        early = sweeps.expire_ratings()
    with later(15 * DAY):
        done = [sweeps.expire_ratings(), sweeps.expire_ratings()]

    response.refresh_from_db()
    assert (early, done, response.status) == (0, [1, 0], "expired")


# Closing


def test_settled_case_closes_itself_and_tells_the_customer_once() -> None:
    ticket = make_ticket_in(TicketStatus.RESOLVED)
    deliver_mails(ticket)

    with later(2 * DAY):
        early = sweeps.close_resolved()
    with later(4 * DAY):
        done = [sweeps.close_resolved(), sweeps.close_resolved()]

    ticket.refresh_from_db()
    assert (early, done, ticket.status) == (0, [1, 0], TicketStatus.CLOSED)
    event = AuditEvent.objects.get(code="tickets.closed")
    assert (event.actor_name, event.note) == ("System (system)", "No answer for 3 days.")
    assert ticket.mails.filter(purpose="closing").count() == 1


def test_case_with_a_closed_gate_stays_and_does_not_block_others() -> None:
    lead = make_user(Role.LEAD)
    blocked = make_ticket_in(TicketStatus.RESOLVED, lead)
    deliver_mails(blocked)
    follow_ups.plan_follow_up(
        blocked.pk, actor=lead, kind="care", text="Call", due_at=now() + 9 * DAY
    )
    free = make_ticket_in(TicketStatus.RESOLVED, lead)
    deliver_mails(free)

    with later(4 * DAY):
        assert sweeps.close_resolved() == 1

    blocked.refresh_from_db()
    free.refresh_from_db()
    assert (blocked.status, free.status) == ("resolved", "closed")


def test_answer_of_the_customer_stops_the_closing() -> None:
    ticket = make_ticket_in(TicketStatus.RESOLVED)
    deliver_mails(ticket)

    with later(2 * DAY):
        words = Words(body="It broke again.", channel="mail")
        receive_message(ticket.pk, words, actor=make_user(Role.LEAD))
    with later(4 * DAY):
        assert sweeps.close_resolved() == 0


# Heartbeat and duties


def test_heartbeat_rings_its_successor_and_a_second_chain_ends() -> None:
    heartbeat()
    first = Heartbeat.objects.get(name=CANARY).beat_at
    heartbeat()

    assert OrmQ.objects.count() == 1
    assert Heartbeat.objects.get(name=CANARY).beat_at == first
    with later(timedelta(seconds=30)):
        heartbeat()
        assert OrmQ.objects.count() == 2
        assert Heartbeat.objects.get(name=CANARY).beat_at == now()


def test_one_bad_duty_does_not_stop_the_others() -> None:
    ran: list[str] = []

    def fail() -> int:
        raise DatabaseError("gone")

    def work() -> int:
        ran.append("work")
        return 3

    duties = (Duty("bad", "Bad", MINUTE, fail), Duty("good", "Good", MINUTE, work))
    run_duties(duties)
    run_duties(duties)
    with later(2 * MINUTE):
        run_duties(duties)

    bad, good = Heartbeat.objects.get(name="bad"), Heartbeat.objects.get(name="good")
    assert ran == ["work", "work"]
    assert (bad.detail["error"], bad.detail["failures"]) == ("DatabaseError: gone", 2)
    assert (good.detail["done"], good.detail["error"]) == (3, "")


def test_every_duty_runs_on_an_empty_desk() -> None:
    heartbeat()

    beats = {beat.name: beat.detail.get("error", "") for beat in Heartbeat.objects.all()}
    assert beats == {CANARY: ""} | {duty.code: "" for duty in DUTIES}


def test_job_that_cannot_be_unpacked_is_set_aside_and_no_other() -> None:
    globals()["Planted"] = type("Planted", (), {"__module__": __name__})
    jobs.enqueue("tickets.send_mail", 7)
    for payload in (SignedPackage.dumps({"args": (globals()["Planted"](),)}), "unsigned"):
        OrmQ.objects.create(key="desk", payload=payload, lock=now())
    del globals()["Planted"]

    assert schedules.drop_unreadable_jobs() == 2

    assert [job.task["args"] for job in OrmQ.objects.all()] == [("tickets.send_mail", 7)]
    reasons = " ".join(str(failure.result) for failure in Failure.objects.all())
    assert "Planted" in reasons
    assert "BadSignature" in reasons


def test_sync_leaves_one_schedule_and_may_be_repeated() -> None:
    Schedule.objects.create(func="os.system", name="stray", next_run=now())

    call_command("sync_schedules", verbosity=0)
    call_command("sync_schedules", verbosity=0)

    (schedule,) = Schedule.objects.all()
    assert (schedule.name, schedule.func) == ("desk.heartbeat", "aftersales.kernel.jobs.run")
    assert (schedule.schedule_type, schedule.minutes, schedule.repeats) == ("I", 1, -1)


def test_queue_runs_the_heartbeat_the_schedule_rings(run_jobs: RunJobs) -> None:
    call_command("sync_schedules", verbosity=0)

    assert run_jobs() == ["desk.heartbeat"]
    assert health.workers_are_alive()


def test_pruning_forgets_what_is_old_only() -> None:
    agent, ticket = make_user(), make_ticket()
    conversation.touch_presence(ticket.pk, actor=agent, is_writing=False)
    for key, age in (("old", 8), ("new", 6)):
        IdempotentRequest.objects.create(
            actor_id=agent.pk,
            key=key,
            path="/",
            digest="",
            status_code=200,
            response={},
            created_at=now() - age * DAY,
        )

    keys = next(duty for duty in DUTIES if duty.code == "keys")
    assert keys.run() == 1
    assert sweeps.forget_presence() == 0
    with later(2 * DAY):
        assert sweeps.forget_presence() == 1
    assert [row.key for row in IdempotentRequest.objects.all()] == ["new"]
    assert not Presence.objects.exists()


# Jobs themselves


def test_refusal_leaves_the_queue_as_it_was() -> None:
    with pytest.raises(LookupError):
        jobs.enqueue("nobody.knows")
    with pytest.raises(TypeError):
        jobs.enqueue("tickets.send_mail", {"id": 1})  # type: ignore[arg-type]

    assert not OrmQ.objects.exists()


@pytest.mark.parametrize(
    "code", ["tickets.send_mail", "tickets.acknowledge", "tickets.invite_rating"]
)
def test_job_for_a_row_that_is_gone_ends_quietly(code: str) -> None:
    jobs.run(code, 987_654_321)


def test_job_run_twice_has_one_effect(run_jobs: RunJobs) -> None:
    ticket = make_ticket(channel="web")
    jobs.run("tickets.acknowledge", ticket.pk)
    jobs.run("tickets.acknowledge", ticket.pk)
    letter = ticket.mails.get()
    jobs.run("tickets.send_mail", letter.pk)
    jobs.run("tickets.send_mail", letter.pk)
    run_jobs()

    assert len(mail.outbox) == 1
    assert AuditEvent.objects.filter(code="tickets.mail_sent").count() == 1


# Health


def beat(age: timedelta) -> None:
    Heartbeat.objects.update_or_create(name=CANARY, defaults={"beat_at": now() - age})


@pytest.mark.parametrize(("seconds", "code"), [(5, 0), (119, 0), (121, 1), (None, 1)])
def test_worker_health_says_when_the_canary_is_silent(
    seconds: int | None, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    if seconds is not None:
        beat(timedelta(seconds=seconds))

    try:
        call_command("worker_health")
        ended = 0
    except SystemExit as end:
        ended = int(str(end.code))

    assert ended == code
    assert capsys.readouterr().out.startswith("alive" if code == 0 else "silent")


def test_healthz_says_which_part_is_down(client: Client) -> None:
    silent = client.get("/healthz")
    beat(timedelta(seconds=5))
    alive = client.get("/healthz")

    up = {"web": True, "database": True, "migrations": True}
    assert (silent.status_code, silent.json()) == (503, up | {"workers": False})
    assert (alive.status_code, alive.json()) == (200, up | {"workers": True})
    assert "no-store" in alive["Cache-Control"]
    assert not alive.cookies


def test_healthz_without_a_database_is_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> bool:
        raise DatabaseError("gone")

    monkeypatch.setattr(health, "is_migrated", gone)
    monkeypatch.setattr(health.connection, "close", lambda: None)

    response = client.get("/healthz")

    assert response.status_code == 503
    assert json.loads(response.content)["workers"] is False


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"orm": "other"}, ["desk.E001"]),
        ({"retry": 180}, ["desk.E002"]),
        ({"max_attempts": 0}, ["desk.E005"]),
        ({"ack_failures": False}, ["desk.E003"]),
        ({"catch_up": True}, ["desk.E004"]),
        ({"save_limit": 250}, ["desk.E004"]),
        ({"timeout": None, "retry": None}, ["desk.E005"]),
        ({"bulk": 10}, ["desk.E006"]),
    ],
)
def test_start_is_refused_with_unsafe_queue_settings(
    settings: Any, changes: dict[str, Any], found: list[str]
) -> None:
    settings.Q_CLUSTER = settings.Q_CLUSTER | changes

    assert [message.id for message in checks.check_jobs()] == found


@pytest.mark.parametrize("name", ["orm", "ack_failures", "catch_up", "save_limit", *checks.NUMBERS])
def test_start_is_refused_when_a_default_would_apply(settings: Any, name: str) -> None:
    settings.Q_CLUSTER = {key: settings.Q_CLUSTER[key] for key in settings.Q_CLUSTER if key != name}

    assert len(checks.check_jobs()) == 1


# Pages


@pytest.mark.parametrize(
    ("role", "code"),
    [(Role.AUDITOR, 200), (Role.ADMINISTRATOR, 200), (Role.AGENT, 403), (Role.WAREHOUSE, 403)],
)
def test_jobs_page_is_for_those_who_watch(client: Client, role: str, code: int) -> None:
    client.force_login(make_user(role))

    assert client.get("/admin/compliance/heartbeat/").status_code == code


def test_jobs_page_shows_what_is_wrong(client: Client, run_jobs: RunJobs) -> None:
    ticket = make_ticket()
    handling.acknowledge(ticket.pk, actor=make_user())
    letter = ticket.mails.get()
    OutboundMail.objects.filter(pk=letter.pk).update(status="parked", last_error="no such user")
    Heartbeat.objects.create(name="mails", beat_at=now(), detail={"error": "boom", "failures": 2})
    client.force_login(make_user(Role.AUDITOR))

    page = client.get("/admin/compliance/heartbeat/", headers={"accept-language": "en"})

    text = page.content.decode()
    for words in ("silent", "boom", "failing (2)", "no such user", ticket.number):
        assert words in text
    assert client.get("/admin/compliance/heartbeat/mails/change/").status_code == 404
    assert client.get("/admin/compliance/heartbeat/add/").status_code == 403


# The demo's post office


def test_folder_backend_keeps_each_mail_once_and_whole(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_FOLDER = tmp_path / "mail"
    letter = EmailMessage("Größe 你好", "Text 你好", "a@b.example", ["c@d.example"])
    letter.extra_headers["Message-ID"] = "<one@desk.example>"
    other = EmailMessage("Other", "Text", "a@b.example", ["c@d.example"])

    sent = FolderBackend().send_messages([letter, letter, other])

    files = sorted((tmp_path / "mail").iterdir())
    assert (sent, len(files)) == (3, 2)
    assert {file.suffix for file in files} == {".eml"}
    ids = [message_from_bytes(file.read_bytes())["Message-ID"] for file in files]
    assert "<one@desk.example>" in ids


def test_mailbox_page_exists_in_the_demo_only(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MAIL_FOLDER = tmp_path / "mail"
    letter = EmailMessage("Your request", "http://127.0.0.1:8000/s/abc/", "a@b.example", ["c@d.ex"])
    letter.extra_headers["Message-ID"] = "<one@desk.example>"
    FolderBackend().send_messages([letter])
    (file,) = (tmp_path / "mail").iterdir()
    client.force_login(make_user())

    outside = [client.get("/admin/mailbox/").status_code]
    settings.DEMO = True
    listed = client.get("/admin/mailbox/").content.decode()
    shown = client.get(f"/admin/mailbox/{file.stem}/").content.decode()
    outside.append(client.get("/admin/mailbox/..%2fsecret_key/").status_code)

    assert outside == [404, 404]
    assert f"/admin/mailbox/{file.stem}/" in listed
    assert 'href="http://127.0.0.1:8000/s/abc/"' in shown


def test_customer_with_a_proposal_is_never_closed_by_time() -> None:
    lead = make_user(Role.LEAD)
    make_proposal(make_ticket(lead), lead)

    with later(30 * DAY):
        assert sweeps.close_resolved() == 0
