"""Pages of the whole desk that belong to no single app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_q.models import Failure, OrmQ

from aftersales.health import canary_age, workers_are_alive
from aftersales.kernel.admin import ReadOnlyAdmin
from aftersales.kernel.clock import now
from aftersales.kernel.errors import Text
from aftersales.kernel.failures import OURS, reads_technical, told_in_full
from aftersales.kernel.masking import mask_contacts
from aftersales.schedules import DUTIES, NEVER, is_ahead
from compliance.models import Heartbeat
from tickets.queries import home

SHOWN = 20
# A duty that missed this many of its turns is late.
TURNS_MISSED = 3
STOPPED = _("It began and never ended: its worker was stopped.")


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty as the page shows it; ``state`` is ``ok``, ``late`` or ``failing``."""

    label: str | Promise
    every: timedelta
    last_run: datetime | None
    done: int
    error: Text
    failures: int
    state: str


def times_stopped(beat: Heartbeat) -> int:
    """How many of the last turns began and never ended: their worker was killed, or hung and was
    replaced. The present turn counts once it outlived what the queue allows a job."""
    stopped = int(beat.detail.get("stopped", 0))
    queue: dict[str, Any] = settings.Q_CLUSTER
    allowed = timedelta(seconds=queue["timeout"])
    hangs = "began" in beat.detail and now() - beat.beat_at > allowed
    return stopped + hangs


def told(user: Any, technical: str) -> Text:
    """What a program said, to those who run the desk; to everybody else that it failed."""
    return technical if not technical or reads_technical(user) else OURS


def duty_rows(user: Any) -> list[DutyRow]:
    """Every duty with how its last turn went."""
    beats = {beat.name: beat for beat in Heartbeat.objects.all()}
    rows = []
    for duty in DUTIES:
        beat = beats.get(duty.code, Heartbeat(name=duty.code, beat_at=NEVER))
        grace = duty.every * TURNS_MISSED + timedelta(seconds=settings.CANARY_SILENCE_SECONDS)
        is_late = beat.beat_at < now() - grace or is_ahead(beat.beat_at)
        stopped = times_stopped(beat)
        error = STOPPED if stopped else told(user, beat.detail.get("error", ""))
        state = "failing" if error else "late" if is_late else "ok"
        rows.append(
            DutyRow(
                label=duty.label,
                every=duty.every,
                last_run=beat.beat_at if beat.beat_at > NEVER else None,
                done=beat.detail.get("done", 0),
                error=error,
                failures=beat.detail.get("failures", 0) + stopped,
                state=state,
            )
        )
    return rows


def queue_state() -> dict[str, Any]:
    """How long the queue is and since when its first job waits."""
    moment = now()
    due = OrmQ.objects.filter(lock__lte=moment)
    oldest = due.order_by("lock").values_list("lock", flat=True).first()
    return {
        "due": due.count(),
        "later": OrmQ.objects.filter(lock__gt=moment).count(),
        "oldest": oldest,
    }


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    """The page of the background jobs: are the workers alive, what waits, what failed."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        stuck = home.stuck(request.user).select_related("ticket")  # type: ignore[arg-type]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Background jobs"),
            "is_alive": workers_are_alive(),
            "canary_age": canary_age(),
            "queue": queue_state(),
            "duties": duty_rows(request.user),
            "failures": [
                (failure, told(request.user, mask_contacts(str(failure.result))))
                for failure in Failure.objects.order_by("-stopped")[:SHOWN]
            ],
            "stuck": [
                (mail, told_in_full(request.user, mail.last_error))
                for mail in stuck.order_by("-id")[:SHOWN]
            ],
            "may_see_mails": request.user.has_perm("tickets.view_outboundmail"),
        }
        return TemplateResponse(request, "jobs/jobs.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The list says everything there is to say."""
        raise Http404
