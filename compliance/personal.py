"""Which columns hold personal data, declared once per model, and how they are shown masked."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models

from aftersales.kernel.masking import (
    mask_email,
    mask_line,
    mask_links,
    mask_name,
    mask_phone,
    mask_sender,
)

Mask = Callable[[str], str]
_masks: dict[tuple[str, str], Mask] = {}


def mask_contact(address: str) -> str:
    """A mail address or a number, whichever it is."""
    return mask_email(address) if "@" in address else mask_phone(address)


def mask_wholly(text: str) -> str:
    """Nothing of it."""
    return "***" if text else ""


MASKS: dict[str, Mask] = {
    "name": mask_name,
    "phone": mask_phone,
    "contact": mask_contact,
    "sender": mask_sender,
    "line": mask_line,
    "links": mask_links,
    "secret": mask_wholly,
}


def register(label: str, **kinds: str) -> None:
    """Declare personal columns of a model, e.g. ``register("app.model", phone="phone")``."""
    for column, kind in kinds.items():
        _masks[label, column] = MASKS[kind]


def mask_of(field: models.Field[object, object]) -> Mask | None:
    """How a field's value is masked; mail addresses always are."""
    if isinstance(field, models.EmailField):
        return mask_email
    return _masks.get((field.model._meta.label_lower, field.attname))
