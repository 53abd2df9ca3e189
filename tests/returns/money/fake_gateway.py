"""A gateway in this process for tests of many threads: its own books, its own bad days."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from decimal import Decimal

from returns.gateways import Answer, Instruction
from returns.money_choices import Outcome


class FakeGateway:
    """Idempotent by number. ``plan`` says how the next instructions go; then all goes well."""

    code = "sandbox"
    is_manual = False
    quiet = timedelta(0)

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.paid: dict[str, tuple[str, Decimal]] = {}
        self.refused: set[str] = set()
        self.late: set[str] = set()
        self.plan: list[str] = []
        self.sends: Counter[str] = Counter()

    def send(self, instruction: Instruction) -> Answer:
        with self.lock:
            number = instruction.number
            self.sends[number] += 1
            if number in self.paid or number in self.refused:
                return self._tell(instruction)
            match self.plan.pop(0) if self.plan else "ok":
                case "lost":
                    self._pay(instruction)
                    return Answer(Outcome.UNKNOWN, "lost")
                case "late":
                    self.late.add(number)
                    return Answer(Outcome.PENDING)
                case "never":
                    return Answer(Outcome.UNKNOWN, "HTTP 500")
                case "refused":
                    self.refused.add(number)
                    return self._tell(instruction)
                case _:
                    self._pay(instruction)
                    return self._tell(instruction)

    def query(self, instruction: Instruction) -> Answer:
        with self.lock:
            if instruction.number in self.late:
                self.late.discard(instruction.number)
                self._pay(instruction)
            return self._tell(instruction)

    def _pay(self, instruction: Instruction) -> None:
        self.paid[instruction.number] = (instruction.payment, instruction.amount)

    def _tell(self, instruction: Instruction) -> Answer:
        number = instruction.number
        if number in self.paid:
            return Answer(
                Outcome.SUCCEEDED,
                reference=f"F-{number}",
                amount=instruction.amount,
                currency=instruction.currency,
            )
        return Answer(Outcome.FAILED if number in self.refused else Outcome.NOT_FOUND)

    def total(self) -> Decimal:
        """Everything that left, whatever number it left under."""
        return sum((amount for _payment, amount in self.paid.values()), Decimal(0))
