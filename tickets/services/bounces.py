"""A mail came back: nobody has got it, so somebody of the desk has to know."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.models import AuditEvent
from compliance.services import record
from staff.models import User
from staff.queries import in_place_of, leads_of
from staff.services.notices import NewNotice, notify
from tickets.announcements import MAIL_CAME_BACK, case_url
from tickets.choices import MailPurpose
from tickets.models import OutboundMail, Ticket
from tickets.services.outbox import lock_mail
from tickets.services.shared import due_kept, log, save
from tickets.statuses import MailStatus, TicketStatus

CAME_BACK = _("Our mail came back.")


@service
def came_back(mail_id: int, *, actor: User, note: str) -> OutboundMail:
    """Write down that a mail did not arrive, in the mail host's words without addresses.

    One that has left waits for a person from then on and keeps its case from closing; a case that
    waits for the customer is taken up again, and who has or follows the case is told. One that is
    tried again anyway, or was dealt with, stays as it is.
    """
    mail = lock_mail(mail_id)
    ticket = mail.ticket
    mail.last_error = f"{in_each_language(lambda: gettext('Came back:'))} {note}"[:500]
    has_left = mail.status in (MailStatus.SENDING, MailStatus.SENT)
    if has_left:
        move(mail, MailStatus.BOUNCED)
        mail.sent_at, mail.leased_until = mail.sent_at or now(), None
    mail.save(update_fields=["status", "sent_at", "leased_until", "last_error"])
    with due_kept(ticket):
        event = record("tickets.mail_bounced", mail, actor=actor, case=ticket, note=note)
    if has_left:
        if ticket.status == TicketStatus.PENDING and mail.purpose != MailPurpose.OUTSIDER:
            _take_up_again(ticket, actor)
        _tell(ticket, event, actor)
    return mail


def _take_up_again(ticket: Ticket, actor: User) -> None:
    """The customer cannot answer what did not arrive."""
    move(ticket, TicketStatus.OPEN)
    note = in_each_language(CAME_BACK.__str__)
    log("tickets.resumed", ticket, actor=actor, note=note, because="bounce")
    save(ticket, "status")


def _tell(ticket: Ticket, event: AuditEvent, actor: User) -> None:
    """Tell who has the case, or stands in, and who follows it; without anybody, its leads."""
    moment = now()
    owner = in_place_of([ticket.assignee], moment) if ticket.assignee else []
    followers = [one.user for one in ticket.watchers.select_related("user")]
    new = NewNotice(
        code=MAIL_CAME_BACK,
        source_key=f"bounce:{event.pk}",
        url=case_url(ticket),
        params={"case": ticket.number},
        case=ticket,
    )
    people = [*owner, *followers] or leads_of(ticket.department_id, moment)
    notify(people, new, actor=actor)
