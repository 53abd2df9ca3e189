"""What every gateway is asked and may answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, Protocol

from aftersales.kernel.errors import Text
from returns.money_choices import Outcome


@dataclass(frozen=True, slots=True)
class Instruction:
    """One refund as a gateway is told it. ``valid_seconds``: a worker that slept longer than that
    must not send any more, because somebody else has taken over."""

    refund_id: int
    attempt_id: int
    gateway: str
    number: str
    payment: str
    amount: Decimal
    currency: str
    begun: float
    valid_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, already verified: an outcome is claimed only by a signed, matching answer.

    ``detail`` is what the other side said, or how the call failed; ``why`` says that in words.
    """

    outcome: Outcome
    detail: str = ""
    why: Text = ""
    reference: str = ""
    amount: Decimal | None = None
    currency: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


class Gateway(Protocol):
    """A way money leaves. Calls are made with no transaction open and never raise."""

    code: str
    # People do the transfer; nothing is called.
    is_manual: bool
    # How long after the last instruction «never heard of it» may be believed.
    quiet: timedelta

    def send(self, instruction: Instruction) -> Answer:
        """Ask for the refund; the same number again is the same refund."""
        ...

    def query(self, instruction: Instruction) -> Answer:
        """Ask what became of a number."""
        ...
