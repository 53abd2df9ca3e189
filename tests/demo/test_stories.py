"""The stories of the demo: complete in both languages, repeatable and varied."""

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from random import Random
from time import perf_counter

import pytest

from aftersales.demo.catalog import (
    CARRIERS,
    CATEGORIES,
    PRODUCTS,
    SHOPS,
    Language,
    Product,
    carrier_of,
    order_number,
    pick_carrier,
)
from aftersales.demo.people import STAFF, make_customer
from aftersales.demo.stories import KINDS, Story, StoryKind, short_feedback, tell, tells
from aftersales.demo.stories.telling import SCRIPTS

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def _stories(seed: int, count: int, language: Language) -> list[Story]:
    rng = Random(seed)
    shops = [shop for shop in SHOPS if shop.language == language]
    codes = {shop.code for shop in shops}
    products = [product for product in PRODUCTS if product.shop in codes]
    found = []
    for serial in range(count):
        person = make_customer(rng, language, serial)
        number = order_number(shops[serial % 2], serial)
        tracking = pick_carrier(rng, language).tracking_number(rng) if rng.random() < 0.9 else ""
        product = rng.choice(products)
        found.append(tell(rng, language, product, number, tracking, person.name))
    return found


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _fitting(kind: StoryKind) -> list[Product]:
    has_parcel = kind.stage != "before"
    return [product for product in PRODUCTS if tells(kind, product, has_parcel=has_parcel)]


def test_tell_repeats_itself_for_the_same_seed() -> None:
    assert _stories(7, 50, "zh") == _stories(7, 50, "zh")
    assert _stories(7, 50, "zh") != _stories(8, 50, "zh")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_is_told_completely(kind: StoryKind, language: Language) -> None:
    products = _fitting(kind)
    assert products
    for seed in range(60):
        product = products[seed % len(products)]
        tracking = "" if kind.stage == "before" else "SF0000000000001"
        story = tell(Random(seed), language, product, "LY-1", tracking, "Ann Lee", code=kind.code)

        assert story.code == kind.code
        assert all(
            (story.subject, story.first_message, story.acknowledgement, story.root_cause,
             story.offer.text, story.reply_to_offer, story.result_told, story.urge)
        )  # fmt: skip
        assert not [text for text in _texts(asdict(story)) if "{" in text or "}" in text]
        assert (story.second_offer is None) == (story.reply_to_second == "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_filled(language: Language) -> None:
    for kind in KINDS:
        script = SCRIPTS[language][kind.code]
        assert len(script.endings) == len(kind.endings), kind.code
        for ending, told in zip(kind.endings, script.endings, strict=True):
            asks_money = "{amount}" in " ".join(told)
            assert asks_money == (ending.amount != "none") or ending.amount == "full", kind.code


def test_kinds_have_known_categories_and_scripts_in_both_languages() -> None:
    codes = {code for code, *_ in CATEGORIES}
    names = {kind.code for kind in KINDS}

    assert len(names) == len(KINDS) >= 25
    assert {kind.category for kind in KINDS} <= codes
    assert set(SCRIPTS["zh"]) == set(SCRIPTS["en"]) == names
    assert {kind.kind for kind in KINDS} == {
        "consultation", "complaint", "return_request", "repair_request", "suggestion", "praise",
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_messages_differ(language: Language) -> None:
    messages = {story.first_message for story in _stories(1, 2000, language)}

    assert len(messages) >= 1900


@pytest.mark.parametrize("language", LANGUAGES)
def test_offers_never_exceed_the_price(language: Language) -> None:
    rng = Random(3)
    for product in PRODUCTS:
        for _ in range(30):
            offer = tell(rng, language, product, "1", "SF1", "Ann Lee").offer
            assert offer.amount is None or Decimal(0) < offer.amount <= product.price
            assert offer.currency == product.currency


def test_a_parcel_that_has_not_left_has_no_delivery_story() -> None:
    rng = Random(5)
    told = {tell(rng, "en", rng.choice(PRODUCTS), "1", "", "Ann Lee").code for _ in range(500)}

    after = {kind.code for kind in KINDS if kind.stage == "after"}
    assert "cancel_before_shipping" in told
    assert not told & after


def test_catalog_is_consistent() -> None:
    rng = Random(0)
    known: set[str] = set()
    for code, _, _, parent in CATEGORIES:
        assert parent is None or parent in known
        known.add(code)

    assert len({product.sku for product in PRODUCTS}) == len(PRODUCTS) >= 80
    assert all(carrier_of(carrier.tracking_number(rng)) == carrier for carrier in CARRIERS)
    assert len({order_number(SHOPS[0], serial) for serial in range(5000)}) == 5000


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_are_unique_and_reachable_only_under_reserved_domains(language: Language) -> None:
    rng = Random(0)
    people = [make_customer(rng, language, serial) for serial in range(98_000, 103_000)]

    assert len({person.phone for person in people}) == len(people)
    assert len({person.email for person in people}) == len(people)
    domains = {person.email.split("@")[1] for person in people}
    assert all(domain.split(".")[-2] == "example" for domain in domains)
    assert len({member.username for member in STAFF}) == len(STAFF)


def test_speed_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    rng = Random(0)
    start = perf_counter()
    for serial in range(3000):
        tell(rng, LANGUAGES[serial % 2], PRODUCTS[serial % len(PRODUCTS)], "1", "SF1", "Ann Lee")
    rate = 3000 / (perf_counter() - start)

    with capsys.disabled():
        print(f"\n{rate:,.0f} stories/s")  # noqa: T201 -- the point of this test


def test_short_feedback_is_one_line_in_its_language() -> None:
    rng = Random(0)
    chinese = [short_feedback(rng, "zh") for _ in range(200)]
    english = [short_feedback(rng, "en") for _ in range(200)]

    assert len(set(chinese)) > 100
    assert not any("\n" in text for text in chinese + english)
    assert all(text.isascii() for text in english)
