"""Filters that every template knows without loading them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from aftersales.kernel import refs
from aftersales.kernel.money import figure, written

register = template.Library()


@register.filter
def for_reader(text: Any) -> Any:
    """What a machine wrote down in each language, in the reader's; anything else as it is."""
    return refs.for_reader(text) if isinstance(text, str) else text


@register.filter
def money(amount: Decimal | str | None, currency: str) -> str:
    """«1,299.00 CNY»; nothing where there is no amount."""
    return "" if amount is None or amount == "" else written(amount, currency)


@register.filter(name="figure")
def bare_figure(amount: Decimal | str | None, currency: str) -> str:
    """«1,299.00», for a sentence that names the currency itself."""
    return "" if amount is None or amount == "" else figure(amount, currency)
