"""What comes along with words: files, and the order they name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated, Text
from aftersales.kernel.refs import in_each_language
from customers.models import Customer, Order
from customers.queries import family_of
from staff.models import User
from tickets.models import Message
from tickets.services import files
from tickets.services.conversation import note as write_note
from tickets.services.files import NewFile

MOST_TEXT = 49_000
MOST_FILES = 50
MOST_NUMBERS = 200
TOO_MANY = _("too many files")
LEFT_OUT = _("Not put on the case, but kept with what came in:")
NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9_\-]{2,62}[A-Za-z0-9](?![A-Za-z0-9])")


def keep_files(
    message: Message, arrived: Sequence[NewFile], *, actor: User, cut: Text = ""
) -> None:
    """Put files to the message; a note names those that were too many, too large or empty."""
    refused: list[tuple[str, Text]] = [(one.name, TOO_MANY) for one in arrived[MOST_FILES:]]
    for one in arrived[:MOST_FILES]:
        try:
            files.check_size(one)
        except RuleViolated as error:
            refused.append((one.name, error.message))
        else:
            files.store(message.ticket, one, actor=actor, message=message)
    lines = [in_each_language(cut.__str__)] if cut else []
    if refused:
        lines.append(in_each_language(LEFT_OUT.__str__))
        lines += [
            f"{files.clean_name(name)}: {in_each_language(why.__str__)}"
            for name, why in refused[:100]
        ]
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
    own = Order.objects.filter(named, customer__in=family_of(customer.pk))
    return own.order_by("-placed_at", "-pk").first()
