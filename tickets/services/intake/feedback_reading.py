"""What one row of a file of reviews means."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.spreadsheet import unguard
from staff.models import Language
from tickets.choices import Kind, Sentiment
from tickets.feedback_file import Mapping, Row
from tickets.language import detect
from tickets.services.intake.spelling import clean_id, printable

LONGEST_TEXT = 50_000
WORDS = re.compile(r"\w")
WORDLESS = gettext_lazy("No words in it.")
GOOD = {"positive", "pos", "good", "好评", "正面", "满意"}
FAIR = {"neutral", "neu", "mix", "mixed", "fair", "中评", "中性", "一般"}
BAD = {"negative", "neg", "bad", "差评", "负面", "不满意"}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a rating says of kind and mood; nothing rated is a suggestion of unknown mood."""

    kind: str = Kind.SUGGESTION
    sentiment: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A row that can be used. ``reason`` says why nothing is made of it, '' when a case is."""

    position: int
    external_id: str
    digest: str
    text: str
    author: str = ""
    order: str = ""
    language: str = ""
    opinion: Opinion = Opinion()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file being imported, as its rows refer to it."""

    channel: str
    mapping: Mapping
    container: str
    note: str


def review_of(row: Row, source: Source) -> Review:
    """The row's meaning; raises ``RuleViolated`` naming the column that cannot be used.

    A cell guarded against spreadsheets, as in the file of refused rows, is read as it was.
    """
    columns = source.mapping.columns
    found = {name: unguard(row.value(column)).strip() for name, column in columns.items()}
    text = found["text"]
    if len(text) > LONGEST_TEXT:
        raise too_long(source.mapping.columns["text"], LONGEST_TEXT)
    opinion = opinion_of(found.get("rating", ""), source.mapping.columns.get("rating", ""))
    for name, longest in (("external_id", 250), ("author", 200), ("order", 64)):
        if len(found.get(name, "")) > longest:
            raise too_long(source.mapping.columns[name], longest)
    canonical = json.dumps(found, ensure_ascii=False, sort_keys=True).encode()
    reason = "" if WORDS.search(text) else in_each_language(WORDLESS.__str__)
    own_id = clean_id(found.get("external_id", ""))
    if not own_id:
        # Rows without words are told apart by their place in this very file.
        base = f"{source.container}:{row.number}" if reason else text
        own_id = f"sha256:{sha256(base.encode()).hexdigest()}"
    return Review(
        position=row.number,
        external_id=own_id,
        digest=sha256(canonical).hexdigest(),
        text=text,
        author=printable(found.get("author", "")),
        order=found.get("order", ""),
        language=language_of(found.get("language", ""), text),
        opinion=opinion,
        reason=reason,
    )


def too_long(column: str, most: int) -> RuleViolated:
    message = _("Column “%(column)s” is longer than %(most)s characters.")
    return RuleViolated("too_long", message % {"column": column, "most": most})


def opinion_of(rating: str, column: str) -> Opinion:
    """Four and five stars praise, one and two complain, three suggest; words say the same."""
    if not rating:
        return Opinion()
    word = rating.lower()
    try:
        stars = float(word)
    except ValueError:
        stars = 5.0 if word in GOOD else 3.0 if word in FAIR else 1.0 if word in BAD else 0.0
    if not 1 <= stars <= 5:
        raise RuleViolated(
            "bad_rating",
            _("Column “%(column)s” is “%(value)s”, not a rating from 1 to 5.")
            % {"column": column, "value": printable(rating)[:40]},
        )
    if stars >= 3.5:
        return Opinion(Kind.PRAISE, Sentiment.POSITIVE)
    if stars <= 2.5:
        return Opinion(Kind.COMPLAINT, Sentiment.NEGATIVE)
    return Opinion(Kind.SUGGESTION, Sentiment.NEUTRAL)


def language_of(named: str, text: str) -> str:
    lowered = named.lower()
    if lowered.startswith(("zh", "cn", "中")):
        return Language.ZH
    if lowered.startswith("en"):
        return Language.EN
    return detect(text)
