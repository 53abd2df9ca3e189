"""What comes along with words: files, and the order they name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from aftersales.kernel.errors import RuleViolated
from customers.models import Customer, Order
from staff.models import User
from tickets.models import Message
from tickets.services import files
from tickets.services.conversation import note as write_note
from tickets.services.files import NewFile

MOST_TEXT = 49_000
MOST_FILES = 50
MOST_NUMBERS = 200
NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9_\-]{2,62}[A-Za-z0-9](?![A-Za-z0-9])")


def keep_files(message: Message, arrived: Sequence[NewFile], *, actor: User, cut: str = "") -> None:
    """Put files to the message; a note names those that were too many, too large or empty."""
    refused = [
        f"{files.clean_name(one.name)}: {_('too many files')}" for one in arrived[MOST_FILES:]
    ]
    for one in arrived[:MOST_FILES]:
        try:
            files.check_size(one)
        except RuleViolated as error:
            refused.append(f"{files.clean_name(one.name)}: {error}")
        else:
            files.store(message.ticket, one, actor=actor, message=message)
    lines = [cut] if cut else []
    if refused:
        lines.append(_("Not put on the case, but kept with what came in:"))
        lines.extend(refused[:100])
    if lines:
        write_note(message.ticket_id, actor=actor, body="\n".join(lines)[:20_000])


def order_named_in(text: str, customer: Customer | None) -> Order | None:
    """The customer's own order whose number or parcel's number the text holds, the newest one.

    Somebody else's order number finds nothing, however right it is.
    """
    if customer is None:
        return None
    numbers = list(dict.fromkeys(NUMBER.findall(text[:50_000])))[:MOST_NUMBERS]
    if not numbers:
        return None
    named = Q(external_id__in=numbers) | Q(shipments__tracking_number__in=numbers)
    return Order.objects.filter(named, customer=customer).order_by("-placed_at", "-pk").first()
