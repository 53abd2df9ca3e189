"""Composing stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Final, NamedTuple

from aftersales.demo.catalog import Language, Product
from aftersales.demo.stories.en_desk import DESK_EN
from aftersales.demo.stories.en_goods import GOODS_EN
from aftersales.demo.stories.kinds import BY_CODE, KINDS, Ending, Script, StoryKind, Told
from aftersales.demo.stories.phrases import PHRASES, Phrases
from aftersales.demo.stories.slots import money, product_slots
from aftersales.demo.stories.zh_desk import DESK_ZH
from aftersales.demo.stories.zh_goods import GOODS_ZH

SCRIPTS: Final[dict[Language, dict[str, Script]]] = {
    "zh": GOODS_ZH | DESK_ZH,
    "en": GOODS_EN | DESK_EN,
}
_TONES: Final = {
    "polite": (("polite", "annoyed"), (92, 100)),
    "mixed": (("polite", "annoyed", "angry"), (50, 88, 100)),
    "upset": (("polite", "annoyed", "angry"), (18, 60, 100)),
}
_REFUSAL_RATE: Final = {"polite": 0.04, "annoyed": 0.15, "angry": 0.28}
_SCORES: Final = (5, 4, 3, 2, 1)
_SCORES_ACCEPTED: Final = {
    "polite": (62, 86, 95, 98, 100),
    "annoyed": (42, 74, 90, 96, 100),
    "angry": (24, 52, 76, 89, 100),
}
_SCORES_REFUSED: Final = (6, 20, 45, 70, 100)


@dataclass(frozen=True, slots=True)
class Note:
    """An internal note; `department` is who writes or is asked."""

    department: str
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposed remedy; `amount` is None where no money moves, else in the product's currency."""

    remedy: str
    text: str
    amount: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Story:
    """One case in words.

    `second_offer` exists only where the customer refused the first; `is_accepted` tells how the
    matter ended: the last offer was taken.
    """

    code: str
    language: Language
    kind: str
    category: str
    priority: str
    tone: str
    is_safety: bool
    has_photos: bool
    subject: str
    first_message: str
    acknowledgement: str
    question: str
    answer: str
    notes: tuple[Note, ...]
    root_cause: str
    responsible_party: str
    offer: Offer
    reply_to_offer: str
    second_offer: Offer | None
    reply_to_second: str
    is_accepted: bool
    result_told: str
    thanks: str
    urge: str
    csat_score: int
    csat_comment: str


def tells(kind: StoryKind, product: Product, *, has_parcel: bool) -> bool:
    """Whether such a story can happen to that product, with or without a parcel on its way."""
    marks = product.traits | product.flags
    fits = not kind.needs or bool(kind.needs & marks)
    stage_fits = kind.stage == "any" or (kind.stage == "after") == has_parcel
    return fits and stage_fits and not kind.avoids & marks


@lru_cache(maxsize=1024)
def _choices(product: Product, has_parcel: bool) -> tuple[tuple[StoryKind, ...], tuple[int, ...]]:
    kinds = tuple(kind for kind in KINDS if tells(kind, product, has_parcel=has_parcel))
    return kinds, tuple(accumulate(kind.weight for kind in kinds))


def tell(
    rng: Random,
    language: Language,
    product: Product,
    order_number: str,
    tracking_number: str,
    customer_name: str,
    *,
    code: str | None = None,
    ordered_on: date | None = None,
) -> Story:
    """Tell one story about that order.

    An empty `tracking_number` means not shipped yet, and only such stories are told. `code`
    forces the kind (KeyError if unknown); without `ordered_on` days are named loosely.
    """
    if code is None:
        kinds, weights = _choices(product, bool(tracking_number))
        kind = rng.choices(kinds, cum_weights=weights)[0]
    else:
        kind = BY_CODE[code]
    names = {
        "order": order_number,
        "tracking": tracking_number or order_number,
        "customer": customer_name,
        "first_name": customer_name.split(" ")[0],
    }
    slots = names | product_slots(rng, language, product, tracking_number, ordered_on)
    tones, tone_weights = _TONES[kind.mood]
    is_kind = kind.family == "voice"
    tone = "polite" if is_kind else rng.choices(tones, cum_weights=tone_weights)[0]
    return _compose(rng, language, kind, tone, product, slots)


def _compose(
    rng: Random,
    language: Language,
    kind: StoryKind,
    tone: str,
    product: Product,
    slots: dict[str, str],
) -> Story:
    index = rng.randrange(len(kind.endings))
    ending, told = kind.endings[index], SCRIPTS[language][kind.code].endings[index]
    amount = _amount(rng, ending, product)
    slots["amount"] = money(amount, product.currency)
    first_message = _first_message(rng, language, kind, tone, slots)
    decision = _decide(rng, language, kind, tone, product, slots)
    score = _score(rng, kind, tone, is_accepted=decision.is_accepted)
    offer = Offer(ending.remedy, told.offer.format_map(slots), amount, product.currency)
    plot = _Plot(language, kind, tone, ending, told, offer, first_message, decision, score)
    return _put_into_words(rng, plot, slots)


def _put_into_words(rng: Random, plot: _Plot, slots: Mapping[str, str]) -> Story:
    """What both sides say, drawn in this order."""
    kind, phrases = plot.kind, PHRASES[plot.language]

    def say(lines: Sequence[str]) -> str:
        return rng.choice(lines).format_map(slots)

    return Story(
        code=kind.code,
        language=plot.language,
        kind=kind.kind,
        category=kind.category,
        priority=kind.priority,
        tone=plot.tone,
        is_safety=kind.family == "safety",
        has_photos=kind.has_photos,
        subject=say(SCRIPTS[plot.language][kind.code].subjects),
        first_message=plot.first_message,
        acknowledgement=say(phrases.acknowledgements[kind.family]),
        question=say(phrases.questions[kind.family]),
        answer=say(phrases.answers[kind.family]),
        notes=_notes(rng, phrases, plot.ending, plot.told, slots),
        root_cause=plot.told.cause.format_map(slots),
        responsible_party=plot.ending.party,
        offer=plot.offer,
        reply_to_offer=plot.decision.reply,
        second_offer=plot.decision.second_offer,
        reply_to_second=plot.decision.second_reply,
        is_accepted=plot.decision.is_accepted,
        result_told=plot.told.result.format_map(slots),
        thanks=say(phrases.thanks),
        urge=say(phrases.urges[plot.tone]),
        csat_score=plot.score,
        csat_comment=rng.choice(phrases.ratings[plot.score]),
    )


@dataclass(frozen=True, slots=True)
class _Decision:
    reply: str
    is_accepted: bool
    second_offer: Offer | None = None
    second_reply: str = ""


class _Plot(NamedTuple):
    """How a story goes, before most of it is put into words."""

    language: Language
    kind: StoryKind
    tone: str
    ending: Ending
    told: Told
    offer: Offer
    first_message: str
    decision: _Decision
    score: int


def _decide(
    rng: Random,
    language: Language,
    kind: StoryKind,
    tone: str,
    product: Product,
    slots: Mapping[str, str],
) -> _Decision:
    phrases = PHRASES[language]
    may_refuse = kind.family not in {"info", "voice", "order"}
    if not may_refuse:
        return _Decision(rng.choice(phrases.consents), is_accepted=True)
    if rng.random() >= _REFUSAL_RATE[tone]:
        return _Decision(rng.choice(phrases.accepts), is_accepted=True)
    refusal = rng.choice(phrases.refusals)
    extra = Decimal(rng.choice((10, 20, 30) if product.currency == "CNY" else (3, 5, 8)))
    words = rng.choice(phrases.second_offers).format(extra=money(extra, product.currency), **slots)
    second = Offer("compensation", words, extra.quantize(Decimal("0.01")), product.currency)
    is_accepted = rng.random() < 0.7
    reply = rng.choice(phrases.accepts if is_accepted else phrases.refusals)
    return _Decision(refusal, is_accepted, second, reply)


def _score(rng: Random, kind: StoryKind, tone: str, *, is_accepted: bool) -> int:
    if kind.kind == "praise":
        return 5
    weights = _SCORES_ACCEPTED[tone] if is_accepted else _SCORES_REFUSED
    return rng.choices(_SCORES, cum_weights=weights)[0]


def _notes(
    rng: Random, phrases: Phrases, ending: Ending, told: Told, slots: Mapping[str, str]
) -> tuple[Note, ...]:
    request = rng.choice(phrases.requests[ending.department]).format_map(slots)
    return (Note("service", request), Note(ending.department, told.note.format_map(slots)))


def _amount(rng: Random, ending: Ending, product: Product) -> Decimal | None:
    """Money of the offer, never above the price; two decimals."""
    cent = Decimal("0.01")
    is_yuan = product.currency == "CNY"
    match ending.amount:
        case "full":
            return product.price
        case "part":
            share = product.price * rng.randint(2, 6) / 20
            whole = share.quantize(Decimal(1), ROUND_HALF_UP)
            return min(max(whole, Decimal(1)), product.price).quantize(cent)
        case "small":
            small = rng.choice((10, 15, 20, 30, 50) if is_yuan else (3, 5, 8, 10))
            return min(Decimal(small), product.price).quantize(cent)
        case "none":
            return None


def _first_message(
    rng: Random, language: Language, kind: StoryKind, tone: str, slots: Mapping[str, str]
) -> str:
    phrases, script = PHRASES[language], SCRIPTS[language][kind.code]
    is_request = kind.family != "voice"
    opening = tone if is_request else "voice"
    parts = [rng.choice(phrases.openers[opening]), rng.choice(script.leads)]
    if rng.random() < 0.8:
        parts.append(rng.choice(script.details))
    lead = " ".join(parts)
    if is_request and "{order}" not in lead and rng.random() < 0.5:
        parts.append(rng.choice(phrases.references))
    if rng.random() < 0.85:
        parts.append(rng.choice(script.wishes))
    closer = rng.choice(phrases.closers[tone])
    if is_request and not _is_thanked_twice(parts[-1], closer):
        parts.append(closer)
    filled = [part.format_map(slots) for part in parts if part]
    if rng.random() < 0.12:
        wrong = rng.choice(phrases.typos)
        filled = [part.replace(*wrong) for part in filled]
    text = _join_zh(rng, filled) if language == "zh" else _join_en(filled)
    if rng.random() < 0.15:
        gap = "" if language == "zh" else "\n" if text[-1].isalpha() else " "
        text += gap + rng.choice(phrases.emoji[tone])
    return text


def _is_thanked_twice(wish: str, closer: str) -> bool:
    return any(word in wish and word in closer for word in ("谢", "hank", "麻烦"))


def _join_zh(rng: Random, parts: Sequence[str]) -> str:
    """Join as people type: one habit per message, no second mark after a question."""
    mark = rng.choices(("，", " ", "。", "\n"), cum_weights=(55, 75, 92, 100))[0]
    text = parts[0]
    for part in parts[1:]:
        needs_mark = mark in " \n" or text[-1] not in "？！～?!"
        text += (mark if needs_mark else "") + part
    return text


def _join_en(parts: Sequence[str]) -> str:
    """Join sentences; a greeting and a signature stand on lines of their own."""
    text = parts[0]
    for index, part in enumerate(parts[1:], 1):
        is_apart = (index == 1 and text.endswith(",")) or part.startswith(("Kind", "Many"))
        is_signature = index == len(parts) - 1 and part[-1].isalpha()
        text += ("\n\n" if is_apart or is_signature else " ") + part
    return text


def short_feedback(rng: Random, language: Language) -> str:
    """A review of one line, two of three friendly."""
    phrases = PHRASES[language]
    start, middle, end = phrases.review_good if rng.random() < 0.66 else phrases.review_bad
    return rng.choice(start) + rng.choice(middle) + rng.choice(end)
