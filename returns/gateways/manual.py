"""Finance transfers by hand: one person enters the bank's reference, another confirms."""

from __future__ import annotations

from datetime import timedelta

from returns.gateways.base import Answer, Instruction
from returns.money_choices import Outcome


class Manual:
    """Nothing to call; the evidence is the bank's reference and two people."""

    code = "manual"
    is_manual = True
    quiet = timedelta(0)

    def send(self, instruction: Instruction) -> Answer:
        return Answer(Outcome.PENDING)

    def query(self, instruction: Instruction) -> Answer:
        return Answer(Outcome.PENDING)
