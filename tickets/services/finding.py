"""What finds a case, when words on it are hidden or come back.

A search answers whoever sees the case: a hidden word that still found it could be guessed.
"""

from __future__ import annotations

from tickets.choices import LinkKind
from tickets.models import Message, Ticket, TicketLink
from tickets.search import forget_words, index_text, tokens
from tickets.services.opening import search_texts

# Words move with splits and count for the case that goes on after a merge.
JOINED = (LinkKind.SPLIT, LinkKind.MERGED)


def lose_words(message: Message) -> None:
    """Take what only this message says from what finds its case, and those its words were on."""
    family = _family(message.ticket_id)
    said = Message.objects.filter(ticket__in=family, hidden_at=None).values_list("body", flat=True)
    kept = {token for body in said.iterator() for token in tokens(body)}
    cases = Ticket.objects.filter(pk__in=family).select_related("order", "customer")
    for ticket in cases.order_by("pk"):
        for text in search_texts(ticket):
            kept.update(tokens(text))
    forget_words(family, set(tokens(message.body)) - kept)


def regain_words(message: Message) -> None:
    """Find the case by this message again."""
    index_text(message.ticket, [message.body])


def _family(ticket_id: int) -> set[int]:
    """The case and all it was ever split from, split into or merged with."""
    known: set[int] = set()
    found = {ticket_id}
    while found:
        known |= found
        links = TicketLink.objects.filter(kind__in=JOINED)
        away = links.filter(ticket__in=found).values_list("target_id", flat=True)
        here = links.filter(target__in=found).values_list("ticket_id", flat=True)
        found = {*away, *here} - known
    return known
