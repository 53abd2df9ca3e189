"""The fields of a change as HTML: hundreds of small values, put together without a template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final, Protocol

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

FIELD: Final = '<div class="trail-field"><dt>{}</dt><dd>{}</dd></div>'
OLD: Final = "<del>{}</del>"
NEW: Final = "<ins>{}</ins>"
ARROW: Final = '<span class="trail-arrow" aria-label="{}">→</span>'


class Told(Protocol):
    """A field with its label, what it was and what it became."""

    @property
    def label(self) -> str: ...
    @property
    def old(self) -> str: ...
    @property
    def new(self) -> str: ...


def fields_html(fields: Iterable[Told]) -> SafeString:
    """Fields as entries of a definition list."""
    arrow = ARROW.format(escape(_("became")))
    entries = "".join(
        FIELD.format(escape(field.label), " ".join(_parts(field, arrow))) for field in fields
    )
    return mark_safe(f'<dl class="trail-fields">{entries}</dl>')  # noqa: S308 -- escaped parts


def _parts(field: Told, arrow: str) -> Iterator[str]:
    if field.old:
        yield OLD.format(escape(field.old))
    if field.old and field.new:
        yield arrow
    if field.new:
        yield NEW.format(escape(field.new))
