"""Which of our two languages a text is in."""

from __future__ import annotations

import re

from staff.models import Language

HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")


def detect(text: str, fallback: str = Language.ZH) -> str:
    """Chinese if a fair share of the letters is; a Chinese character weighs four letters."""
    han, latin = len(HAN.findall(text)), len(LATIN.findall(text))
    if not han and not latin:
        return fallback
    return Language.ZH if han * 4 >= latin else Language.EN
