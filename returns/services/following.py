"""The case hears of goods and money: it waits for whom it really waits for.

Called last by the verbs that move them, with the case they have locked.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.refs import in_each_language
from staff.services import system_actor
from tickets.models import Ticket
from tickets.queries.under_way import Matter, Turn, most_pressing
from tickets.services.turns import WAITING, others_turn, our_turn

APP = "returns"
ALL_DONE = _("Nothing of goods or money is open any more.")


def follow(ticket: Ticket | None) -> None:
    """Take a waiting case up when it is our turn, or have it wait for colleagues, as goods and
    money stand now. What the customer or a carrier has to do leaves it as it is."""
    if ticket is None or ticket.status not in WAITING:
        return
    matter = most_pressing(ticket)
    if matter is None or matter.turn == Turn.OURS:
        our_turn(ticket, held_for=APP, note=_note(matter), actor=system_actor())
    elif matter.turn == Turn.HOUSE:
        others_turn(ticket, held_for=APP, note=_note(matter), actor=system_actor())


def take_up(ticket: Ticket) -> None:
    """It is our turn, whatever else is under way."""
    note = _note(most_pressing(ticket))
    our_turn(ticket, held_for=APP, note=note, actor=system_actor())


def _note(matter: Matter | None) -> str:
    return in_each_language(lambda: str(matter.why if matter else ALL_DONE))
