"""Open hours as stored: lists of ["09:00", "12:00"], per ISO weekday for a whole week."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clocks.counting import Frame

WEEKDAYS = range(1, 8)
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
MIDNIGHT = "24:00"


def read_frames(stored: Any) -> tuple[Frame, ...]:
    """The frames of one day; raises ``ValidationError`` unless ordered and apart."""
    try:
        pairs = [(str(start), str(end)) for start, end in stored]
    except (TypeError, ValueError):
        raise ValidationError(_("Open hours are pairs of a start and an end.")) from None
    frames = tuple(Frame(_clock(start), _clock(end, is_end=True)) for start, end in pairs)
    earlier = "00:00"
    for start, end in pairs:
        if not earlier <= start < end:
            raise ValidationError(
                _("%(start)s–%(end)s must follow the hours before it and end after it starts."),
                params={"start": start, "end": end},
            )
        earlier = end
    return frames


def read_week(stored: Any) -> dict[int, tuple[Frame, ...]]:
    """The frames of a week; raises ``ValidationError`` for other keys or a week never open."""
    if not isinstance(stored, dict) or not {*stored} <= {str(day) for day in WEEKDAYS}:
        raise ValidationError(_("Open hours belong to the weekdays 1 (Monday) to 7."))
    week = {day: read_frames(stored.get(str(day), [])) for day in WEEKDAYS}
    if not any(week.values()):
        raise ValidationError(_("A calendar is open at least once a week."))
    return week


def stored_frames(frames: Iterable[Frame]) -> list[list[str]]:
    """What ``read_frames`` reads."""
    return [
        [f"{frame.start:%H:%M}", MIDNIGHT if frame.end == time.min else f"{frame.end:%H:%M}"]
        for frame in frames
    ]


def validate_frames(stored: Any) -> None:
    read_frames(stored)


def validate_week(stored: Any) -> None:
    read_week(stored)


def _clock(text: str, *, is_end: bool = False) -> time:
    if is_end and text == MIDNIGHT:
        return time.min
    found = CLOCK.fullmatch(text)
    if found is None:
        raise ValidationError(_("“%(text)s” is no time like 09:30."), params={"text": text})
    return time(int(found[1]), int(found[2]))
