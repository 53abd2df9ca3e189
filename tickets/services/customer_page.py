"""What a customer writes on the status page; the same form again has no second effect."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition
from aftersales.kernel.services import service
from compliance.models import IdempotentRequest
from staff.models import User
from tickets.choices import Channel
from tickets.models import Message, Ticket
from tickets.services.files import NewFile, add_file
from tickets.services.opening import Words, receive_message
from tickets.statuses import TicketStatus

OVER = gettext_lazy("This request is finished. Write to us if something is open.")


def require_going_on(ticket: Ticket, *, is_resolved_fine: bool = False) -> None:
    """Refuse, in words for a customer, what is pressed on the page of a finished case."""
    if is_resolved_fine and ticket.status == TicketStatus.RESOLVED:
        return
    if ticket.is_finished:
        raise InvalidTransition(OVER)


def use_once(form_key: str, actor: User) -> bool:
    """Take a form's key; ``False`` when it was taken before. Waits for a rival in flight."""
    _row, is_new = IdempotentRequest.objects.get_or_create(
        actor_id=actor.pk,
        key=form_key,
        defaults={
            "path": "form",
            "digest": "",
            "status_code": 302,
            "response": {},
            "created_at": now(),
        },
    )
    return is_new


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """What was written on the status page."""

    form_key: str
    body: str
    files: tuple[NewFile, ...] = ()

    @property
    def key(self) -> str:
        """The showing of the form with what it held: other words under it are another message."""
        files = [(one.name, sha256(one.content).hexdigest()) for one in self.files]
        return f"{self.form_key}:{sha256(repr((self.body, files)).encode()).hexdigest()}"


@service
def write_on_page(ticket_id: int, words: PageWords, *, actor: User) -> Message | None:
    """Put words and files on the case, or on the one that continues it; ``None`` for a repeat."""
    if not use_once(words.key, actor):
        return None
    ticket = Ticket.objects.select_related("customer").get(pk=ticket_id)
    body = words.body or _("(Files)")
    said = Words(
        body=body,
        channel=Channel.PORTAL,
        author_name=ticket.customer.name if ticket.customer else "",
    )
    message = receive_message(ticket_id, said, actor=actor)
    for new in words.files:
        add_file(message.ticket_id, new, actor=actor, message=message)
    return message
