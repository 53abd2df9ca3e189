"""Whom to tell: leads, deputies, who is there; and the bell's count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from aftersales.kernel.clock import now
from staff.models import (
    Absence,
    Channel,
    Department,
    Notice,
    NoticeDelivery,
    NoticePreference,
    User,
)
from staff.roles import Role

UNREAD_SHOWN = 100
READ_SHOWN = 25


def present(users: Iterable[User], moment: datetime) -> list[User]:
    """Those of ``users`` who work here and are not away at ``moment``, in the order given."""
    asked = list(users)
    away = set(
        Absence.objects.filter(
            user__in=asked, starts_at__lte=moment, ends_at__gt=moment
        ).values_list("user_id", flat=True)
    )
    return [user for user in asked if user.is_active and user.pk not in away]


def holders_of(role: str, department_id: int | None = None) -> QuerySet[User]:
    """Active people of a role, of one department if it is given, by login name."""
    rows: QuerySet[User] = User.objects.people().filter(roles__contains=[role])
    if department_id is not None:
        rows = rows.filter(department_id=department_id)
    return rows.order_by("username")


def leads_of(department_id: int | None, moment: datetime) -> list[User]:
    """Who answers for a department at ``moment``: its leads who are there, else those who stand in
    for them, else the administrators. Empty only where nobody of these exists."""
    leads = list(holders_of(Role.LEAD, department_id)) if department_id else []
    if here := present(leads, moment):
        return here
    if deputies := _unique(filter(None, (_by_absence(lead, moment) for lead in leads))):
        return deputies
    administrators = list(holders_of(Role.ADMINISTRATOR))
    return present(administrators, moment) or administrators


def deputy_of(user: User, moment: datetime) -> User | None:
    """Who stands in for a person who is away: the deputy of the absence, that deputy's own when
    away, too, else the lead. ``None`` while the person is there, or where nobody is left."""
    if present([user], moment):
        return None
    deputy = _by_absence(user, moment)
    if deputy is not None:
        return deputy
    others = (lead for lead in leads_of(user.department_id, moment) if lead.pk != user.pk)
    return next(others, None)


def lead_answering_for(department_id: int) -> User | None:
    """The first of those who answer for a department now."""
    return next(iter(leads_of(department_id, now())), None)


def in_place_of(users: Iterable[User], moment: datetime) -> list[User]:
    """``users`` with everybody who is away replaced by who stands in, each person once."""
    asked = list(users)
    here = {user.pk for user in present(asked, moment)}
    found = (user if user.pk in here else deputy_of(user, moment) for user in asked)
    return _unique(filter(None, found))


def _by_absence(user: User, moment: datetime) -> User | None:
    """The deputy named by absences, followed once; never back to the person."""
    deputy = _deputy_named_by(user, moment)
    if deputy is None or present([deputy], moment):
        return deputy
    second = _deputy_named_by(deputy, moment)
    if second is None or second.pk == user.pk or not present([second], moment):
        return None
    return second


def _deputy_named_by(user: User, moment: datetime) -> User | None:
    absences = Absence.objects.filter(
        user=user, starts_at__lte=moment, ends_at__gt=moment, deputy__isnull=False
    )
    absence = absences.select_related("deputy").order_by("-starts_at", "-id").first()
    return absence.deputy if absence else None


def _unique(users: Iterable[User]) -> list[User]:
    return list({user.pk: user for user in users}.values())


def is_led() -> Exists:
    """Whether somebody leads the department of the row."""
    leads = User.objects.people().filter(department=OuterRef("pk"), roles__contains=[Role.LEAD])
    return Exists(leads)


def departments_without_lead() -> QuerySet[Department]:
    """Departments in use where nobody is lead; what their leads should hear goes to the
    administrators."""
    return Department.objects.filter(~is_led(), is_active=True)


def badges_key(user_id: int) -> str:
    """Where the counts beside the menu and at the bell are remembered; forgotten when news come."""
    return f"badges:{user_id}"


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A person's notices: what is unread, and a page of what was read; ``older`` continues it."""

    unread: list[Notice]
    read: list[Notice]
    older: int | None


def notice_page(user: User, before: int | None = None) -> NoticePage:
    """The newest unread notices, and read ones older than ``before``; two queries."""
    own = Notice.objects.visible_to(user).order_by("-id")
    read = own.filter(read_at__isnull=False)
    rows = list((read.filter(pk__lt=before) if before else read)[: READ_SHOWN + 1])
    shown = rows[:READ_SHOWN]
    return NoticePage(
        unread=[] if before else list(own.unread()[:UNREAD_SHOWN]),
        read=shown,
        older=shown[-1].pk if len(rows) > READ_SHOWN else None,
    )


def held_back_count(user: User, moment: datetime) -> int:
    """Notices of the last day that waited for the end of a person's quiet hours."""
    return NoticeDelivery.objects.filter(
        notice__recipient=user,
        channel=Channel.MAIL,
        created_at__gte=moment - timedelta(days=1),
        is_held_back=True,
    ).count()


def preference_of(user: User) -> NoticePreference:
    """A person's wishes, or the defaults in an unsaved row."""
    return NoticePreference.objects.filter(user=user).first() or NoticePreference(user=user)
