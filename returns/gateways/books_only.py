"""Store credit: it never leaves the house, so the booking is the payment."""

from __future__ import annotations

from datetime import timedelta

from returns.gateways.base import Answer, Instruction
from returns.money_choices import Outcome


class BooksOnly:
    """Always there, always certain."""

    code = "books"
    is_manual = False
    quiet = timedelta(0)

    def send(self, instruction: Instruction) -> Answer:
        return Answer(
            Outcome.SUCCEEDED,
            reference=instruction.number,
            amount=instruction.amount,
            currency=instruction.currency,
        )

    def query(self, instruction: Instruction) -> Answer:
        return self.send(instruction)
