"""Abuse cases 81 to 83 of reference/reliability.md section 9: keys, planted jobs and schedules."""

from __future__ import annotations

import pickle
from base64 import b64encode
from collections.abc import Callable
from multiprocessing import Event
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import Failure, OrmQ, Schedule
from django_q.pusher import pusher
from django_q.scheduler import scheduler
from django_q.signing import PickleSerializer

from aftersales import schedules
from aftersales.kernel import jobs
from aftersales.kernel.clock import now
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.portal_page import page_of
from tickets.links import new_mail_id, ticket_of_mail_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own, which django-q2 would close as one inherited by a fork."""
    monkeypatch.setattr("django_q.scheduler.close_old_django_connections", lambda: None)


OLD, NEW = "key of last year", "key of this year"


class Planted:
    """Leaves a file behind when it is read, as an attacker's would run a command."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self.path,)


def pushed() -> list[Any]:
    """What the queue's own reader hands to a worker; one look at the table."""
    cache.clear()
    broker, found, stop = get_broker(), SimpleQueue[Any](), Event()
    stop.set()
    while OrmQ.objects.filter(lock__lte=now()).exists():
        pusher(found, stop, broker)  # type: ignore[arg-type]
    return [found.get()["args"] for _ in range(found.qsize())]


def plant(task: Any, key: str) -> None:
    payload = signing.dumps(task, key=key, salt=Conf.PREFIX, serializer=PickleSerializer)
    OrmQ.objects.create(key="desk", payload=payload, lock=now())


def job(**more: Any) -> dict[str, Any]:
    """A job as django-q2 packs it."""
    func = "aftersales.kernel.jobs.run"
    return {"id": "1" * 32, "name": "x", "func": func, "args": ("x",), "kwargs": {}, **more}


def test_abuse_81_jobs_signed_before_the_key_changed_are_done(settings: Any) -> None:
    plant(job(args=("tickets.draw_thumbnail", 7), started=now()), OLD)
    plant(job(args=("tickets.draw_thumbnail", 8), started=now()), "a key we never had")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]

    assert schedules.drop_unreadable_jobs() == 1
    assert pushed() == [("tickets.draw_thumbnail", 7)]


def test_abuse_81_links_and_mails_from_before_the_key_changed_are_ours(
    settings: Any, client: Client
) -> None:
    settings.SECRET_KEY = OLD
    ticket = make_ticket(channel="web")
    page, mail_id = page_of(ticket), new_mail_id(ticket.pk)

    settings.SECRET_KEY = NEW
    assert (client.get(page).status_code, ticket_of_mail_id(mail_id)) == (404, None)
    settings.SECRET_KEY_FALLBACKS = [OLD]
    assert (client.get(page).status_code, ticket_of_mail_id(mail_id)) == (200, ticket.pk)
    assert new_mail_id(ticket.pk).split(".")[3] != mail_id.split(".")[3]


@pytest.mark.parametrize("key", ["tests-only", "a key we never had"])
def test_abuse_82_planted_pickle_is_not_run_by_the_queue(tmp_path: Path, key: str) -> None:
    left = tmp_path / "left"
    plant(Planted(left), key)
    plant(job(args=(Planted(left),)), key)
    jobs.enqueue("tickets.send_mail", 7)

    assert pushed() == [("tickets.send_mail", 7)]
    assert not left.exists()
    # A job that was pushed keeps its lease; those that were none are gone.
    assert OrmQ.objects.count() == 1


def test_abuse_82_planted_pickle_is_not_run_by_the_duty(tmp_path: Path) -> None:
    left = tmp_path / "left"
    plant(Planted(left), "tests-only")

    assert schedules.drop_unreadable_jobs() == 1
    assert not left.exists()
    assert not OrmQ.objects.exists()
    assert "is no plain data" in str(Failure.objects.get().result)


def test_abuse_82_planted_result_is_not_run_by_the_page_of_jobs(
    tmp_path: Path, client: Client
) -> None:
    left = tmp_path / "left"
    moment = now()
    Failure.objects.create(
        id="f", name="x", func="", started=moment, stopped=moment, result="gone", success=False
    )
    with connection.cursor() as db:
        planted = b64encode(pickle.dumps(Planted(left))).decode()
        db.execute("UPDATE django_q_task SET result = %s, args = %s", [planted, planted])
    client.force_login(make_user(Role.ADMINISTRATOR), backend="staff.backends.RoleBackend")

    page = client.get("/admin/compliance/heartbeat/")

    assert page.status_code == 200
    assert not left.exists()


@pytest.mark.parametrize(
    "task",
    [
        job(func="os.system", args=("true",)),
        job(func=None),
        job(hook="os.system"),
        job(chain=[("os.system", (), {})]),
        ["no job at all"],
    ],
)
def test_abuse_82_job_of_another_function_is_not_run(task: Any) -> None:
    plant(task, "tests-only")

    assert pushed() == []
    assert not OrmQ.objects.exists()


def test_abuse_82_schedule_of_another_function_is_not_run() -> None:
    Schedule.objects.create(func="os.system", args="'true',", name="stray", next_run=now())

    scheduler()

    assert pushed() == []
    assert not OrmQ.objects.exists()


def test_abuse_83_bad_schedule_is_removed_and_the_heartbeat_goes_on() -> None:
    schedules.sync()
    OrmQ.objects.all().delete()
    bad = Schedule.objects.create(func="x", args="(", name="bad", next_run=now())
    scheduler()
    assert not OrmQ.objects.exists()  # what django-q2 does: the bad one stops all of them

    schedules.heartbeat()

    assert [one.name for one in Schedule.objects.all()] == ["desk.heartbeat"]
    assert OrmQ.objects.count() == 1  # the next beat, rung by the last
    failure = Failure.objects.get()
    assert failure.name == f"schedule {bad.pk}"
    assert failure.result == "“bad” calls x"
    OrmQ.objects.all().delete()
    scheduler()
    assert pushed() == [("desk.heartbeat",)]
