"""The heartbeat drives the duties; health, settings and the page of jobs say how it fares."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django_q.models import Failure, OrmQ, Schedule
from django_q.signing import SignedPackage

from aftersales import checks, health, schedules
from aftersales.admin import duty_rows
from aftersales.kernel import jobs
from aftersales.kernel.clock import now
from aftersales.schedules import CANARY, DUTIES, Duty, heartbeat, run_duties
from compliance.models import Heartbeat, IdempotentRequest
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.kept import failed
from tests.tickets.timing import DAY, MINUTE, RunJobs, later
from tickets import sweeps
from tickets.models import OutboundMail, Presence
from tickets.services import conversation, handling

pytestmark = pytest.mark.django_db


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


def test_abuse_83_one_bad_duty_does_not_stop_the_others() -> None:
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


def test_abuse_82_job_that_cannot_be_unpacked_is_set_aside_and_no_other() -> None:
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


def auditor() -> User:
    """Who looks on and does not run the desk."""
    return User(roles=[Role.AUDITOR])


def test_duty_that_is_killed_each_time_does_not_read_as_on_time() -> None:
    duty = DUTIES[1]

    def killed() -> int:
        raise SystemExit

    deadly = Duty(duty.code, duty.label, duty.every, killed)
    with pytest.raises(SystemExit):
        run_duties((deadly,))
    (at_work,) = [row for row in duty_rows(auditor()) if row.label == duty.label]
    with later(timedelta(seconds=61)):
        (hanging,) = [row for row in duty_rows(auditor()) if row.label == duty.label]
        with pytest.raises(SystemExit):
            run_duties((deadly,))
    with later(timedelta(seconds=62)):
        (again,) = [row for row in duty_rows(auditor()) if row.label == duty.label]
    with later(timedelta(seconds=130)):
        run_duties((Duty(duty.code, duty.label, duty.every, lambda: 3),))
        (mended,) = [row for row in duty_rows(auditor()) if row.label == duty.label]

    stopped = "It began and never ended: its worker was stopped."
    assert (at_work.state, at_work.error, at_work.failures) == ("ok", "", 0)
    assert (hanging.state, hanging.error, hanging.failures) == ("failing", stopped, 1)
    assert (again.state, again.error, again.failures) == ("failing", stopped, 1)
    assert (mended.state, mended.error, mended.failures, mended.done) == ("ok", "", 0, 3)


def test_clock_set_back_stops_neither_duties_nor_the_heartbeat(run_jobs: RunJobs) -> None:
    duty = Duty("mails", "Mails", MINUTE, lambda: 1)
    with later(timedelta(hours=1)):
        call_command("sync_schedules", verbosity=0)
        assert run_jobs() == ["desk.heartbeat"]
        run_duties((duty,))

    assert not health.workers_are_alive()
    assert [row.state for row in duty_rows(auditor())] == ["late"] * len(DUTIES)
    assert not health.watch_workers()
    assert Schedule.objects.get().next_run <= now()
    assert run_jobs() == ["desk.heartbeat"]
    assert health.watch_workers()
    assert [row.state for row in duty_rows(auditor())] == ["ok"] * len(DUTIES)


def test_clocks_of_two_machines_that_differ_a_little_leave_one_chain() -> None:
    with later(timedelta(seconds=2)):
        heartbeat()
    heartbeat()

    assert OrmQ.objects.count() == 1
    assert health.workers_are_alive()


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
        ({"broker_class": "somebody.else.Broker"}, ["desk.E001"]),
        ({"sqs": {"aws_region": "eu"}}, ["desk.E001"]),
        ({"sync": True}, ["desk.E008"]),
        ({"scheduler": False}, ["desk.E008"]),
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


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_jobs_page_shows_what_is_wrong(client: Client, role: str) -> None:
    ticket = make_ticket()
    handling.acknowledge(ticket.pk, actor=make_user())
    letter = ticket.mails.get()
    OutboundMail.objects.filter(pk=letter.pk).update(
        status="parked", last_error=failed("没有此人。 / Nobody there.", "no such user")
    )
    Heartbeat.objects.create(name="mails", beat_at=now(), detail={"error": "boom", "failures": 2})
    Failure.objects.create(
        id="f",
        name="tickets.send_mail",
        func="",
        started=now(),
        stopped=now(),
        result="refused for li.wei@example.cn, 13812345678",
        success=False,
    )
    client.force_login(make_user(role))

    page = client.get("/admin/compliance/heartbeat/", headers={"accept-language": "en"})

    text = page.content.decode()
    masked = "refused for l***@example.cn, 138****5678"
    for words in ("silent", "failing (2)", "Nobody there.", ticket.number):
        assert words in text
    runs_the_desk = role == Role.ADMINISTRATOR
    for technical in ("boom", "Nobody there. (no such user)", masked):
        assert (technical in text) is runs_the_desk
    in_words = "An error on our side; administrators find it in the records."
    assert text.count(in_words) == (0 if runs_the_desk else 2)
    assert client.get("/admin/compliance/heartbeat/mails/change/").status_code == 404
    assert client.get("/admin/compliance/heartbeat/add/").status_code == 403


# The demo's post office
