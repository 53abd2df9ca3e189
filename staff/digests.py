"""The registry of what the daily digest counts; apps that know the numbers add their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from aftersales.kernel.errors import Text
from staff.models import User
from staff.notice_types import Params


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One number of the digest; ``count`` says how many there are for this lead now."""

    code: str
    label: Text
    count: Callable[[User, datetime], int]
    position: int = 100


_lines: dict[str, DigestLine] = {}


def register(lines: Iterable[DigestLine]) -> None:
    """Add lines from an app's ``ready()``, read by position, then as registered."""
    for line in lines:
        if _lines.setdefault(line.code, line) != line:
            raise ValueError(f"digest line {line.code} is registered twice")


def counts(user: User, moment: datetime) -> dict[str, int]:
    """Every line's number for a lead."""
    return {line.code: line.count(user, moment) for line in _lines.values()}


def words(params: Params) -> str:
    """The numbers as lines of text, in the active language."""
    counted = params["counts"]
    lines = sorted(_lines.values(), key=lambda line: line.position)
    return "\n".join(
        f"{line.label}: {counted[line.code]}" for line in lines if line.code in counted
    )
