"""A pointer to any object that outlives it: type, id and the label of that day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils import translation


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
    """What ``say`` answers in the languages of the desk, once where they agree."""
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[say()] = language
    return " / ".join(said)
