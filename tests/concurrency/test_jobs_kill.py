"""Real workers, really killed: nothing is lost, nothing happens twice, a hung pool is replaced."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django_q.models import OrmQ

from aftersales import health
from aftersales.database import BASE_DIR
from aftersales.kernel.clock import now
from aftersales.schedules import NEVER
from compliance.models import AuditEvent, Heartbeat
from staff.models import User
from tests.concurrency.workers import (
    COMMAND,
    PATIENCE,
    kill_idle_workers,
    supervised,
    ticking,
)
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.infra.processes import wait_until
from tickets.models import OutboundMail
from tickets.services import handling
from tickets.statuses import MailStatus

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.long,
]


@pytest.fixture
def worker(mails: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own process group, ended whole."""
    call_command("sync_schedules", verbosity=0)
    process = subprocess.Popen(COMMAND, cwd=BASE_DIR, start_new_session=True)
    yield process
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def queue_mails(count: int) -> list[str]:
    """Acknowledge as many cases; returns the Message-IDs that must arrive."""
    agent: User = make_user()
    for _number in range(count):
        handling.acknowledge(make_ticket(agent).pk, actor=agent)
    return sorted(OutboundMail.objects.values_list("mail_id", flat=True))


def arrived(folder: Path) -> list[str]:
    ids = [message_from_bytes(file.read_bytes())["Message-ID"] for file in folder.glob("*.eml")]
    return sorted("".join(str(one).split()) for one in ids)


def is_all_sent() -> bool:
    return not OutboundMail.objects.exclude(status=MailStatus.SENT).exists()


def test_mail_of_a_killed_worker_is_sent_after_its_lease_and_each_once(
    mails: Path, worker: Any
) -> None:
    (mails / "hold").touch()
    wanted = queue_mails(3)
    assert wait_until(lambda: len(list(mails.glob("busy.*"))) == 2, PATIENCE)

    for marker in mails.glob("busy.*"):
        os.kill(int(marker.suffix[1:]), signal.SIGKILL)
    (mails / "hold").unlink()
    assert wait_until(lambda: len(arrived(mails)) == 1, PATIENCE)
    held = OutboundMail.objects.filter(status=MailStatus.SENDING)
    assert held.count() == 2

    held.update(leased_until=now() - timedelta(seconds=1))
    Heartbeat.objects.filter(name="mails").update(beat_at=NEVER)
    assert wait_until(is_all_sent, PATIENCE)

    # The queue's own leases run out too, so the killed jobs are run again and find nothing to do.
    OrmQ.objects.update(lock=now() - timedelta(seconds=1))
    assert wait_until(lambda: not OrmQ.objects.filter(lock__lte=now()).exists(), PATIENCE)
    assert arrived(mails) == wanted
    assert sorted(OutboundMail.objects.values_list("attempts", flat=True)) == [1, 2, 2]
    assert AuditEvent.objects.filter(code="tickets.mail_sent").count() == 3


def test_abuse_84_watchdog_replaces_a_pool_that_hangs_after_its_idle_workers_were_killed(
    mails: Path, tmp_path: Path, settings: Any
) -> None:
    settings.CANARY_SILENCE_SECONDS = 6
    call_command("sync_schedules", verbosity=0)
    said: list[str] = []
    supervisor = supervised(tmp_path, said)
    supervisor.start()
    try:
        assert wait_until(lambda: ticking(supervisor) and health.workers_are_alive(), PATIENCE)
        first = supervisor.slots[0].process
        kill_idle_workers(first.pid)
        wanted = queue_mails(2)

        assert wait_until(lambda: ticking(supervisor) and is_all_sent(), 3 * PATIENCE)

        second = supervisor.slots[0].process
        assert said[0].startswith("worker hangs")
        assert second.pid != first.pid
        assert arrived(mails) == wanted
        assert health.workers_are_alive()
    finally:
        supervisor.stop()
