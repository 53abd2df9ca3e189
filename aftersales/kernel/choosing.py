"""Lists to choose from as HTML: dozens of small values, put together without a template."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelectWidget

ARROW = (
    "material-symbols-outlined absolute pointer-events-none mr-[12px] right-0 top-1/2 "
    "-translate-y-1/2 text-base-400 dark:text-base-500"
)
FRAME = (
    '<div class="grow relative max-w-2xl"><select{}>{}</select>'
    '<span class="{}" aria-hidden="true">expand_more</span></div>'
)


@lru_cache(maxsize=500)
def choices_html(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """The options of a filter; the same few lists on nearly every page."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (code, SafeString(" selected") if code == chosen else "", label)
            for code, label in choices
        ),
    )


class QuickSelect(UnfoldAdminSelectWidget):
    """Unfold's select for flat choices; Django renders two templates for each of them."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        given = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        choices = tuple((str(code), str(label)) for code, label in self.choices)
        chosen = "" if value is None else str(value)
        return format_html(FRAME, flatatt(given), choices_html(choices, chosen), ARROW)
