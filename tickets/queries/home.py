"""What waits for a person: badges and the lists of the home page. Indexed, capped, without text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from aftersales.kernel.clock import now
from staff.models import Absence, Notice, User
from tickets.models import Draft, FollowUp, Mention, OutboundMail, RawIntake, Ticket
from tickets.policies import can_resolve_intake, can_retry_mail
from tickets.queries.counting import capped_counts
from tickets.queries.queue import Scope
from tickets.queries.rows import listed
from tickets.statuses import (
    STUCK,
    UNFINISHED,
    FollowUpStatus,
    IntakeOutcome,
    MailStatus,
    TicketStatus,
)

SHOWN = 8
LATE_SOON = timedelta(hours=4)


def badges(user: User, cap: int) -> dict[str, int]:
    """Counts beside the menu and at the bell: my cases, follow-ups due, unread notices, and what
    only some may decide on."""
    sets: dict[str, QuerySet[Any]] = {
        "mine": Ticket.objects.filter(assignee=user).unfinished(),
        "follow_ups": due_follow_ups(user, now()),
        "unread": Notice.objects.visible_to(user).unread(),
    }
    if can_resolve_intake(user):
        sets["quarantine"] = quarantined()
    if can_retry_mail(user):
        sets["stuck"] = stuck(user)
    return capped_counts(sets, cap)


def quarantined() -> QuerySet[RawIntake]:
    return RawIntake.objects.filter(outcome=IntakeOutcome.QUARANTINED)


def stuck(user: User) -> QuerySet[OutboundMail]:
    """Mails that wait for a person; not those that came back when their case was over."""
    ended = (TicketStatus.CLOSED, TicketStatus.CANCELED)
    over = Q(status=MailStatus.BOUNCED, ticket__status__in=ended)
    return OutboundMail.objects.visible_to(user).filter(status__in=STUCK).exclude(over)


def due_follow_ups(user: User, moment: datetime) -> QuerySet[FollowUp]:
    """Promised by this person and due by the end of the next hours."""
    return FollowUp.objects.filter(
        assignee=user, status=FollowUpStatus.PLANNED, due_at__lte=moment + LATE_SOON
    )


def my_next(user: User) -> list[Ticket]:
    """My unfinished cases, nearest promise first."""
    mine = Ticket.objects.filter(assignee=user).unfinished()
    return list(listed(mine).order_by("due_at", "pk")[:SHOWN])


def unassigned(user: User) -> list[Ticket]:
    """Nobody's cases in my department, nearest promise first."""
    if user.department_id is None:
        return []
    free = Ticket.objects.filter(department=user.department_id, assignee=None).unfinished()
    return list(listed(free).order_by("due_at", "pk")[:SHOWN])


def about_to_be_late(scope: Scope) -> list[Ticket]:
    """Unfinished cases in scope that are late or will be within hours."""
    soon = scope.tickets().filter(status__in=UNFINISHED, due_at__lt=now() + LATE_SOON)
    return list(listed(soon).order_by("due_at", "pk")[:SHOWN])


def in_scope(scope: Scope) -> list[Ticket]:
    """Unfinished cases of the department and those followed, latest activity first."""
    open_cases = scope.tickets().filter(status__in=UNFINISHED)
    return list(listed(open_cases).order_by("-updated_at", "-pk")[:SHOWN])


def planned(user: User) -> list[FollowUp]:
    """My next promises, due or not."""
    rows = FollowUp.objects.filter(assignee=user, status=FollowUpStatus.PLANNED)
    return list(rows.select_related("ticket").order_by("due_at")[:SHOWN])


def mentions(user: User) -> list[Mention]:
    """Notes that name me and that I have not seen."""
    rows = Mention.objects.filter(user=user, seen_at=None)
    return list(rows.select_related("ticket", "message").order_by("-created_at")[:SHOWN])


def drafts(user: User) -> list[Draft]:
    """Answers and notes I began and left."""
    rows = Draft.objects.filter(author=user).exclude(body="")
    return list(rows.select_related("ticket").order_by("-updated_at")[:SHOWN])


@dataclass(frozen=True, slots=True)
class Load:
    """One person of a team: what they carry, what they can carry, who stands in for them."""

    person: User
    open_count: int
    late_count: int
    absence: Absence | None

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.open_count / max(self.person.capacity, 1)))

    @property
    def tone(self) -> str:
        if self.open_count > self.person.capacity:
            return "red"
        return "amber" if self.percent >= 80 else "green"


def team_load(lead: User) -> list[Load]:
    """Everybody of the lead's department with their unfinished and late cases, fullest first."""
    if lead.department_id is None:
        return []
    moment = now()
    people = list(User.objects.people().filter(department=lead.department_id))
    away = Absence.objects.filter(user__in=people, starts_at__lte=moment, ends_at__gt=moment)
    absences = {absence.user_id: absence for absence in away.select_related("deputy")}
    counts = _counts(people, moment)
    loads = [
        Load(person, *counts.get(person.pk, (0, 0)), absences.get(person.pk)) for person in people
    ]
    return sorted(loads, key=lambda load: (-load.open_count, load.person.username))


def _counts(people: Sequence[User], moment: datetime) -> dict[int, tuple[int, int]]:
    """Person → (unfinished, late), from the index of open cases by assignee."""
    rows = (
        Ticket.objects.filter(assignee__in=people, status__in=UNFINISHED)
        .order_by()
        .values_list("assignee")
        .annotate(unfinished=Count("pk"), late=Count("pk", filter=Q(due_at__lt=moment)))
    )
    return {pk: (count, late) for pk, count, late in rows}
