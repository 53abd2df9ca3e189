"""Lists of the admin speak in words.

Badges say their value: Unfold shows the raw one where it has no colour. A search field says what
it looks for, and by which end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.utils.translation import override

from aftersales.kernel.admin import ByWords


def badges() -> Iterator[Any]:
    """Every coloured column of every list: its name, the model, the colours by value or words."""
    for model, page in admin.site._registry.items():
        for name in page.list_display:
            colors = getattr(getattr(page, str(name), None), "label", None)
            if isinstance(colors, dict):
                yield pytest.param(model, colors, id=f"{model._meta.label}.{name}")


@pytest.mark.parametrize(("model", "colors"), list(badges()))
def test_badge_that_goes_by_value_has_a_colour_for_each(model: Any, colors: dict[Any, str]) -> None:
    if isinstance(colors, ByWords):
        return
    fields = [field for field in model._meta.get_fields() if getattr(field, "choices", None)]
    values = [{str(value) for value, _words in field.flatchoices} for field in fields]
    keys = {str(key) for key in colors}

    assert [named - keys for named in values if keys < named] == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("model", "colors"), list(badges()))
def test_badge_has_its_colour_in_every_language(
    model: Any, colors: dict[Any, str], language: str
) -> None:
    with override(language):
        words = [str(getattr(key, "label", key)) for key in colors]
        by_value = [str(getattr(key, "value", key)) for key in colors]
        found = words if isinstance(colors, ByWords) else by_value

        assert [word for word in found if word not in colors] == []
        assert [colors[word] for word in found] == list(colors.values())


def test_there_are_badges_to_look_at() -> None:
    assert len(list(badges())) >= 10


def test_every_search_field_says_what_it_looks_for() -> None:
    searched = [page for page in admin.site._registry.values() if page.search_fields]

    assert len(searched) > 20
    assert [type(page).__name__ for page in searched if not page.search_help_text] == []
