"""What a machine wrote down in each language, as tests spell it."""

from __future__ import annotations

from aftersales.kernel.refs import MARK, SLASH


def kept(words: str) -> str:
    """``"中文 / English"`` as it is stored."""
    return f"{MARK}{words.replace(' / ', SLASH)}{MARK}"
