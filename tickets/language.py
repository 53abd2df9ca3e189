"""Which of our two languages a text is in, and which a case is led in."""

from __future__ import annotations

import re

from customers.models import Customer, Shop
from staff.models import Language
from tickets.choices import Channel

# What an agent writes down while a customer speaks is in the agent's language.
WRITTEN_BY_US = frozenset({Channel.PHONE, Channel.COUNTER})
# Seven English words or ten Chinese characters; less says little («Order LC2611: broken?»).
ENOUGH_LETTERS = 40
CLEARLY = 4
HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")


def detect(text: str, shop: Shop | None = None) -> str:
    """Chinese if a fair share of the letters is; without letters the shop's language."""
    han, latin = letters(text)
    if not han and not latin:
        return shop.language if shop else Language.ZH
    return Language.ZH if han >= latin else Language.EN


def letters(text: str) -> tuple[int, int]:
    """How many letters are Chinese and Latin; a Chinese character counts as four."""
    return 4 * len(HAN.findall(text)), len(LATIN.findall(text))


def language_of_case(text: str, channel: str, customer: Customer | None) -> str:
    """The language we write to the customer in: the one we know them by, unless they write clearly
    in the other. Names, links and a signature in the other do not count for that."""
    if customer is None:
        return detect(text)
    han, latin = letters(text)
    known, other = (latin, han) if customer.language == Language.EN else (han, latin)
    if channel in WRITTEN_BY_US or other < max(ENOUGH_LETTERS, CLEARLY * known):
        return customer.language
    return Language.ZH if han > latin else Language.EN
