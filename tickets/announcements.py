"""What the case tells colleagues, and what the leads' daily digest counts of it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff import digests, notice_types
from staff.digests import DigestLine
from staff.models import User
from staff.notice_types import NoticeType
from tickets.models import Ticket
from tickets.queries.home import LATE_SOON
from tickets.statuses import UNFINISHED

MAIL_CAME_BACK = "tickets.mail_came_back"
WATCHED_WROTE = "tickets.watched_wrote"
WATCHED_ANSWERED = "tickets.watched_answered"
WATCHED_STATUS = "tickets.watched_status"
WATCHED_REOPENED = "tickets.watched_reopened"
FOLLOWING = _("You follow this case.")
NOTICES = (
    NoticeType("tickets.mentioned", _("%(by)s asks you on %(case)s")),
    NoticeType("tickets.assigned", _("%(case)s is yours now"), _("%(by)s gave it to you.")),
    NoticeType(
        MAIL_CAME_BACK,
        _("A mail of %(case)s came back"),
        _("It did not arrive. Check the address; in the outbox it is sent again or settled."),
    ),
    NoticeType(WATCHED_WROTE, _("The customer wrote on %(case)s"), FOLLOWING),
    NoticeType(WATCHED_ANSWERED, _("%(by)s answered the customer on %(case)s"), FOLLOWING),
    NoticeType(WATCHED_STATUS, _("%(case)s is now “%(status)s”"), FOLLOWING),
    NoticeType(WATCHED_REOPENED, _("%(case)s was reopened"), FOLLOWING),
)


def case_url(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.number])


def of_department(lead: User) -> QuerySet[Ticket]:
    """Unfinished cases of a lead's department."""
    return Ticket.objects.filter(department=lead.department_id, status__in=UNFINISHED)


def open_count(lead: User, moment: datetime) -> int:
    return of_department(lead).count()


def late_count(lead: User, moment: datetime) -> int:
    return of_department(lead).filter(due_at__lt=moment).count()


def nearly_late_count(lead: User, moment: datetime) -> int:
    return of_department(lead).filter(due_at__range=(moment, moment + LATE_SOON)).count()


def unassigned_count(lead: User, moment: datetime) -> int:
    return of_department(lead).filter(assignee=None).count()


DIGEST = (
    DigestLine("open", _("Unfinished cases"), open_count),
    DigestLine("late", _("Late promises"), late_count),
    DigestLine("nearly_late", _("Promises due within four hours"), nearly_late_count),
    DigestLine("unassigned", _("Cases without a person"), unassigned_count),
)


def register() -> None:
    notice_types.register(NOTICES)
    digests.register(DIGEST)
