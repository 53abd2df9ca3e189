"""Amounts: ``Decimal`` with a currency, rounded and written here and nowhere else."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated

# ISO 4217 minor units of the markets served; another currency is refused until it is added here.
MINOR_UNITS = {"CNY": 2, "EUR": 2, "USD": 2, "GBP": 2, "HKD": 2, "JPY": 0}
LARGEST = Decimal("999999999999.99")


def quantize(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the currency's minor unit."""
    return amount.quantize(Decimal(1).scaleb(-MINOR_UNITS[currency]), rounding=ROUND_HALF_UP)


def figure(amount: Decimal | str, currency: str) -> str:
    """An amount for a sentence that names the currency itself: «1,299.00».

    The same in both languages; Django would group thousands in English only. Text is what JSON
    keeps of an amount; to read what was written before never fails, whatever the currency.
    """
    known = currency if currency in MINOR_UNITS else "CNY"
    return f"{quantize(Decimal(amount), known):,}"


def written(amount: Decimal | str, currency: str) -> str:
    """The one way money stands on pages and in mails: «1,299.00 CNY»."""
    return f"{figure(amount, currency)} {currency}"


def parse_amount(value: object, currency: str, *, field: str = "amount") -> Decimal:
    """Exact amount from outside input; raises ``RuleViolated`` for NaN, excess decimals, range.

    Never rounds what somebody sent: 1.005 CNY is an error, not 1.01.
    """
    if currency not in MINOR_UNITS:
        raise RuleViolated("unknown_currency", _("Unknown currency."), field="currency")
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise RuleViolated("not_a_number", _("Not an amount."), field=field) from None
    if not amount.is_finite() or abs(amount) > LARGEST:
        raise RuleViolated("out_of_range", _("The amount is out of range."), field=field)
    if amount != quantize(amount, currency):
        raise RuleViolated(
            "too_many_decimals", _("The amount has more decimals than the currency."), field=field
        )
    return quantize(amount, currency)
