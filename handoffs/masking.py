"""Text without anything that leads to a person: known values first, then what looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aftersales.kernel.masking import MAIL_SHAPE, PHONE_SHAPE

# Known values shorter than this would blot out ordinary words.
LEAST_LENGTH = 2
# Looked for before known values, of which they are often made.
ADDRESSES = (
    (MAIL_SHAPE, "[mail]"),
    (re.compile(r"https?://\S+"), "[link]"),
)
PATTERNS = (
    # Order numbers and ID or bank cards come before phones, which are shorter.
    (re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,6}-?\d{4,}[A-Z0-9-]*(?![A-Za-z0-9])"), "[number]"),
    (re.compile(r"(?<![A-Za-z0-9])\d{15,19}[\dXx]?(?![A-Za-z0-9])"), "[number]"),
    (PHONE_SHAPE, "[phone]"),
    (
        re.compile(
            r"[\u4e00-\u9fff]{2,8}(?:省|市|自治区)[\u4e00-\u9fff0-9]{2,30}?(?:号|室|楼|栋|单元)"
            r"(?:[\u4e00-\u9fff0-9]{0,12}(?:号|室|楼|栋|单元))*"
        ),
        "[address]",
    ),
    (
        re.compile(
            r"\b\d{1,5}\s+(?:[A-Z][\w.]*\s+){1,4}"
            r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Dr|Way|Blvd)\b\.?"
        ),
        "[address]",
    ),
    (re.compile(r"\b[A-ZÄÖÜ][\wäöüß]+(?:straße|strasse|weg|allee|platz)\s+\d+\w?"), "[address]"),
)


def mask_text(text: str, known: Iterable[tuple[str, str]]) -> str:
    """The text with ``known`` (value, label) pairs and everything of a telling shape replaced."""
    for shape, label in ADDRESSES:
        text = shape.sub(label, text)
    longest_first = sorted(
        {(value.strip(), label) for value, label in known if len(value.strip()) >= LEAST_LENGTH},
        key=lambda pair: (-len(pair[0]), pair),
    )
    for value, label in longest_first:
        edge = r"\b" if value.isascii() else ""
        pattern = f"{edge if value[0].isalnum() else ''}{re.escape(value)}"
        pattern += edge if value[-1].isalnum() else ""
        text = re.sub(pattern, f"[{label}]", text, flags=re.IGNORECASE)
    for shape, label in PATTERNS:
        text = shape.sub(label, text)
    return text
