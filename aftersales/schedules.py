"""Everything that happens by the passing of time, in one list, and the heartbeat that drives it.

django-q2 aborts a whole batch of schedules when one of them is bad, so it gets exactly one: it
revives the heartbeat, a job that rings its own successor and runs the duties that are due. Each
duty stands alone: its failure is noted on its own row and does not stop the next.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_q.models import Failure, OrmQ, Schedule
from django_q.signing import SignedPackage

from aftersales.kernel.clock import now
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.masking import mask_contacts
from clocks.sweep import sweep_due
from compliance.idempotency import forget_old_keys
from compliance.models import Heartbeat
from customers import uploads
from returns import sweeps_money
from staff.services import system_actor
from staff.sweeps import ring_unsent_notices, send_digests
from tickets import sweeps
from tickets.services.intake import process_stored

log = logging.getLogger(__name__)

CANARY = "canary"
HEARTBEAT_JOB = "desk.heartbeat"
SWEEP_JOB = "desk.sweep_clocks"
# A round of the heartbeat stays short; a job ends well before the queue's timeout.
SWEPT_AT_ONCE, SWEPT_PER_JOB = 500, 2000
FAILURES_KEPT = timedelta(days=30)
# The law asks for half a year (Cybersecurity Law, art. 21).
SIGN_INS_KEPT = timedelta(days=400)
AHEAD = timedelta(seconds=settings.CANARY_SILENCE_SECONDS)
NEVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Duty:
    """Something done every so often; ``run`` returns how many things it did."""

    code: str
    label: str | Promise
    every: timedelta
    run: Callable[[], int]


def prune_sessions() -> int:
    """Forget sessions that have ended."""
    return Session.objects.filter(expire_date__lt=now()).delete()[0]


def prune_failures() -> int:
    """Forget old reports of failed jobs and of failed sign-ins: anybody may add to the latter."""
    jobs = Failure.objects.filter(stopped__lt=now() - FAILURES_KEPT).delete()[0]
    since = now() - SIGN_INS_KEPT
    counted = AccessAttempt.objects.filter(attempt_time__lt=now() - FAILURES_KEPT).delete()[0]
    return int(jobs + counted + AccessFailureLog.objects.filter(attempt_time__lt=since).delete()[0])


def drop_unreadable_jobs() -> int:
    """Set jobs aside that cannot be read or are none of ours, and schedules we never made: one bad
    schedule stops the one that revives the heartbeat.

    Nothing is lost: what the job was for is a row, which the sweeps find.
    """
    dropped = 0
    for row in OrmQ.objects.order_by("pk").iterator():
        try:
            SignedPackage.loads(row.payload)
        except Exception as problem:
            log.exception("job %s cannot be read", row.pk)
            set_aside(row, f"unreadable {row.pk}", f"{type(problem).__name__}: {problem}")
            dropped += 1
    for schedule in Schedule.objects.exclude(name=HEARTBEAT_JOB):
        log.error("schedule %s is none of ours", schedule.pk)
        why = f"“{schedule.name}” calls {schedule.func}"
        set_aside(schedule, f"schedule {schedule.pk}", why)
        dropped += 1
    return dropped


def set_aside(row: OrmQ | Schedule, name: str, why: str) -> None:
    """Remove it; the page of jobs tells what and why."""
    moment = now()
    with transaction.atomic():
        row.delete()
        Failure.objects.create(
            id=uuid.uuid4().hex,
            name=name,
            func="",
            started=moment,
            stopped=moment,
            result=why[:300],
            success=False,
        )


def finish_intake() -> int:
    """Handle what was stored and then forgotten by a crash."""
    return process_stored(actor=system_actor())


def sweep_clocks() -> int:
    """Do what promises that run out demand; after a downtime all workers help."""
    done = sweep_due(SWEPT_AT_ONCE, actor=system_actor())
    if done >= SWEPT_AT_ONCE:
        for _worker in range(settings.WORKERS):
            enqueue(SWEEP_JOB)
    return done


def sweep_on() -> None:
    """Go on until nothing is due that nobody else holds."""
    if sweep_due(SWEPT_PER_JOB, actor=system_actor()) >= SWEPT_PER_JOB:
        enqueue(SWEEP_JOB)


MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DUTIES = (
    Duty("clocks", _("Watch the promises"), timedelta(seconds=15), sweep_clocks),
    Duty("mails", _("Send mails whose alarm was lost"), MINUTE, sweeps.ring_unsent_mails),
    Duty("notices", _("Send notices whose alarm was lost"), MINUTE, ring_unsent_notices),
    Duty("watchers", _("Tell followers of cases"), timedelta(seconds=30), sweeps.tell_watchers),
    Duty("digests", _("Send leads their daily digest"), 5 * MINUTE, send_digests),
    Duty("intake", _("Finish what arrived and was not handled"), MINUTE, finish_intake),
    Duty("acknowledge", _("Acknowledge new cases"), MINUTE, sweeps.acknowledge_unacknowledged),
    Duty("close", _("Close settled cases"), 5 * MINUTE, sweeps.close_resolved),
    Duty("ratings", _("End invitations to rate"), HOUR, sweeps.expire_ratings),
    Duty("presence", _("Forget who had a case open"), HOUR, sweeps.forget_presence),
    Duty("unreadable", _("Set unreadable jobs aside"), 5 * MINUTE, drop_unreadable_jobs),
    Duty("refunds", _("Send refunds whose alarm was lost"), MINUTE, sweeps_money.send_approved),
    Duty("results", _("Ask what became of sent refunds"), MINUTE, sweeps_money.resolve_sent),
    Duty("approvals", _("End approvals not given in time"), MINUTE, sweeps_money.expire_approvals),
    Duty("stuck", _("Hand stuck refunds to people"), HOUR, sweeps_money.escalate_stuck),
    Duty("keys", _("Forget keys of repeated requests"), HOUR, forget_old_keys),
    Duty("uploads", _("Remove files of imports nobody finished"), HOUR, uploads.sweep),
    Duty("sessions", _("Forget ended sessions"), HOUR, prune_sessions),
    Duty("failures", _("Forget old failures"), HOUR, prune_failures),
)


def heartbeat() -> None:
    """Beat, ring the next beat, run what is due.

    A beat right after another is a second chain (the schedule rang while the first lives) and ends
    here, so that one chain remains; clocks of two machines may differ by a little.
    """
    with transaction.atomic():
        row, created = Heartbeat.objects.select_for_update().get_or_create(
            name=CANARY, defaults={"beat_at": now()}
        )
        age = abs((now() - row.beat_at).total_seconds())
        if not created and age < settings.CANARY_SECONDS * 0.8:
            return
        row.beat_at = now()
        row.save(update_fields=["beat_at"])
        enqueue(HEARTBEAT_JOB, delay=timedelta(seconds=settings.CANARY_SECONDS))
    run_duties(DUTIES)


def run_duties(duties: tuple[Duty, ...]) -> None:
    """Run every duty that is due, the longest-waiting first."""
    last = dict(Heartbeat.objects.values_list("name", "beat_at"))
    for duty in sorted(duties, key=lambda duty: last.get(duty.code, NEVER)):
        if claim(duty):
            run_duty(duty)


def is_ahead(beat_at: datetime) -> bool:
    """Whether a stored time lies so far ahead that the clock must have been set back since."""
    return beat_at > now() + AHEAD


def claim(duty: Duty) -> bool:
    """Take the duty's turn; ``False`` when it is not due or somebody else has it.

    The turn is taken before the work, so that a duty that hangs goes to the end of the line. What
    began and never ended was stopped with its worker: it is counted when the next turn begins.
    """
    moment = now()
    with transaction.atomic():
        Heartbeat.objects.get_or_create(name=duty.code, defaults={"beat_at": NEVER})
        due = Q(beat_at__lte=moment - duty.every) | Q(beat_at__gt=moment + AHEAD)
        rows = Heartbeat.objects.filter(due, name=duty.code)
        row = rows.select_for_update(skip_locked=True).first()
        if row is None:
            return False
        stopped = row.detail.get("stopped", 0) + ("began" in row.detail)
        row.beat_at = moment
        row.detail = {**row.detail, "began": moment.isoformat(), "stopped": stopped}
        row.save(update_fields=["beat_at", "detail"])
    return True


def run_duty(duty: Duty) -> None:
    """Run one duty and note how it went; whatever it raises ends here."""
    started, done, error = time.monotonic(), 0, ""
    try:
        done = duty.run()
    except Exception as problem:
        log.exception("duty %s failed", duty.code)
        error = mask_contacts(f"{type(problem).__name__}: {problem}")[:300]
    row = Heartbeat.objects.get(name=duty.code)
    failures = row.detail.get("failures", 0) + 1 if error else 0
    row.detail = {
        "done": done,
        "milliseconds": round((time.monotonic() - started) * 1000),
        "error": error,
        "failures": failures,
    }
    row.save(update_fields=["detail"])


def sync() -> None:
    """Leave exactly our one schedule in the queue's table and ring at once; safe to repeat."""
    Schedule.objects.exclude(name=HEARTBEAT_JOB).delete()
    Schedule.objects.update_or_create(
        name=HEARTBEAT_JOB,
        defaults={
            "func": "aftersales.kernel.jobs.run",
            "args": repr((HEARTBEAT_JOB,)),
            "schedule_type": Schedule.MINUTES,
            "minutes": 1,
            "repeats": -1,
            "next_run": now(),
        },
    )
    known = [CANARY, *(duty.code for duty in DUTIES)]
    Heartbeat.objects.exclude(name__in=known).delete()
    enqueue(HEARTBEAT_JOB)
