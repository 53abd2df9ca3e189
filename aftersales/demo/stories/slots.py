"""The words that fill the gaps of a sentence: product, sizes, days, money, English grammar."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from random import Random

from aftersales.demo.catalog import PRODUCTS_BY_SHOP, Language, Product, carrier_of
from aftersales.demo.stories.phrases import PHRASES
from aftersales.kernel.money import written


def money(amount: Decimal | None, currency: str) -> str:
    """An amount as the desk writes it; nothing for None."""
    return "" if amount is None else written(amount, currency)


def product_slots(
    rng: Random,
    language: Language,
    product: Product,
    tracking_number: str,
    ordered_on: date | None,
) -> dict[str, str]:
    """Words for that product and parcel; without `ordered_on` the day is named loosely."""
    sizes = product.sizes
    size = rng.randrange(len(sizes) - 1)
    is_chinese = language == "zh"
    color, color2 = (pair[0 if is_chinese else 1] for pair in rng.sample(product.colors, 2))
    return {
        "sku": product.sku,
        "size": sizes[size],
        "size2": sizes[size + 1],
        "days": str(rng.randint(3, 12)),
        "height": str(rng.randint(155, 186)),
        "weight": str(rng.randint(90, 170)),
        "weight_kg": str(rng.randint(48, 95)),
        "color": color,
        "color2": color2,
        "when": _day(rng, language, ordered_on),
        "carrier": _carrier_name(language, tracking_number),
        **(_chinese(product, _other(rng, product)) if is_chinese else _grammar(product)),
        **({} if is_chinese else {"other": _with_article(_other(rng, product))}),
    }


def _day(rng: Random, language: Language, ordered_on: date | None) -> str:
    if ordered_on is None:
        return rng.choice(PHRASES[language].whens)
    if language == "zh":
        return f"{ordered_on.month}月{ordered_on.day}号"
    return f"on {ordered_on.day} {ordered_on:%B}"


def _carrier_name(language: Language, tracking_number: str) -> str:
    carrier = carrier_of(tracking_number)
    if language == "zh":
        return carrier.name_zh if carrier else "快递"
    return carrier.name_en if carrier else "the carrier"


def _chinese(product: Product, other: Product) -> dict[str, str]:
    return {
        "item": product.short_zh,
        "mw": product.measure_zh,
        "part": product.part_zh,
        "other": other.short_zh,
    }


def _other(rng: Random, product: Product) -> Product:
    """Another product of the same shop, as a wrong parcel would hold."""
    sold = PRODUCTS_BY_SHOP[product.shop]
    other = rng.choice(sold)
    return other if other.sku != product.sku else sold[sold.index(product) - 1]


def _with_article(product: Product) -> str:
    if product.is_plural_en:
        return f"a pair of {product.short_en}"
    return f"{'an' if product.short_en[0] in 'aeiou' else 'a'} {product.short_en}"


@lru_cache(maxsize=1024)
def _grammar(product: Product) -> dict[str, str]:
    """English words that agree with the product in number."""
    item, many = product.short_en, product.is_plural_en
    return {
        "part": product.part_en,
        "partwas": "were" if product.part_en.endswith("s") else "was",
        "item": item,
        "Item": item[0].upper() + item[1:],
        "a_item": _with_article(product),
        "new_item": f"a new pair of {item}" if many else f"a new {item}",
        "this": "these" if many else "this",
        "is": "are" if many else "is",
        "was": "were" if many else "was",
        "has": "have" if many else "has",
        "does": "do" if many else "does",
        "it": "them" if many else "it",
        "looks": "look" if many else "looks",
        "shows": "show" if many else "shows",
        "keeps": "keep" if many else "keeps",
    }
