"""A pointer to any object that outlives it: type, id and the label of that day."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import get_language

# An invisible separator: no keyboard has it, and ``printable`` takes it out of what comes in. What
# people write with a slash between two languages is left as it is.
MARK = "\u2063"
SLASH = f" / {MARK}"
KEPT = re.compile(f"{MARK}([^{MARK}]*(?:{SLASH}[^{MARK}]*)+)(?:{MARK}|$)")
# Around what stands behind words for those who run the desk (``kernel.failures``).
ASIDE, ASIDE_ENDS = f"{MARK}\u2064", "\u2064"
BEHIND = re.compile(f"{ASIDE}([^{ASIDE_ENDS}]*){ASIDE_ENDS}?")


@dataclass(frozen=True, slots=True)
class Ref:
    """(type, id, label), e.g. ("tickets.ticket", 7, "T-000007")."""

    type: str
    id: int
    label: str


def ref(obj: models.Model) -> Ref:
    return Ref(obj._meta.label_lower, obj.pk, label_of(obj)[:200])


def label_of(obj: models.Model) -> str:
    """What the object is called, in each language of the desk where they differ: a record is read
    in all of them, whoever's language it was made in.

    Models of which many are recorded say ``is_called_by_number`` and are asked once.
    """
    if getattr(obj, "is_called_by_number", False):
        return str(obj)
    return in_each_language(lambda: str(obj))


def in_each_language(say: Callable[[], str]) -> str:
    """What ``say`` answers in the languages of the desk, once where they agree.

    Where they differ, marks that nobody sees tell the parts: ``for_reader`` shows one of them.
    """
    said = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said.append(for_reader(say()))
    return said[0] if len(set(said)) == 1 else f"{MARK}{SLASH.join(said)}{MARK}"


def for_reader(text: str) -> str:
    """A stored text with what ``in_each_language`` said in the language that is active, alone.

    Also where it is a part of the text, or was cut; what a program said of a failure is left out.
    Rows written before there were marks keep both languages.
    """
    if MARK not in text:
        return text
    language = get_language()
    codes = [code for code, _name in settings.LANGUAGES]
    place = codes.index(language) if language in codes else 0

    def own(found: re.Match[str]) -> str:
        parts = found[1].split(SLASH)
        return parts[min(place, len(parts) - 1)]

    return KEPT.sub(own, BEHIND.sub("", text)).replace(MARK, "")
