"""The registry of event codes: what can be recorded, in words of both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models

from aftersales.kernel.errors import Text

if TYPE_CHECKING:
    from compliance.models import AuditEvent


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of thing that happens; ``on_timeline`` puts it into the conversation."""

    code: str
    label: Text
    on_timeline: bool = True


Consumer = Callable[["AuditEvent", models.Model, models.Model | None], None]

_types: dict[str, EventType] = {}
_variants: dict[str, Text] = {}
_consumers: list[Consumer] = []


def register(types: Iterable[EventType]) -> None:
    """Add event types from an app's ``ready()``; a code given twice must agree on its label."""
    for event_type in types:
        known = _types.setdefault(event_type.code, event_type)
        if known != event_type:
            raise ValueError(f"event {event_type.code} is registered twice")


def get(code: str) -> EventType:
    """The type behind a code; raises ``LookupError`` for a code nobody registered."""
    try:
        return _types[code]
    except KeyError:
        raise LookupError(f"unknown event {code}") from None


def label(code: str) -> str:
    """The words for a code; a retired code of an old record is shown as it is."""
    known = _types.get(code)
    return str(known.label) if known else code


def register_variants(words: Mapping[str, Text]) -> None:
    """Say what tells two events of one type apart; called from an app's ``ready()``."""
    _variants.update(words)


def token_label(token: str) -> str:
    """“Waiting (Waiting for customer)” for an event code with a variant, or a bare one."""
    code, _sep, variant = token.partition(":")
    return f"{label(code)} ({_variants.get(variant, variant)})" if variant else label(code)


def all_types() -> tuple[EventType, ...]:
    return tuple(_types.values())


def subscribe(consumer: Consumer) -> None:
    """Hand every recorded event with its subject and case to ``consumer``, in the transaction that
    recorded it; called from ``AppConfig.ready()``."""
    if consumer not in _consumers:
        _consumers.append(consumer)


def publish(event: AuditEvent, subject: models.Model, case: models.Model | None) -> None:
    """Tell the consumers; what they raise undoes what was done."""
    for consumer in _consumers:
        consumer(event, subject, case)
