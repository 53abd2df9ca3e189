"""What a machine wrote down in each language, as tests spell it."""

from __future__ import annotations

from aftersales.kernel.refs import ASIDE, ASIDE_ENDS, MARK, SLASH


def kept(words: str) -> str:
    """``"中文 / English"`` as it is stored."""
    return f"{MARK}{words.replace(' / ', SLASH)}{MARK}"


def failed(words: str, said: str) -> str:
    """The same of a failure, with what the program said behind it."""
    return f"{kept(words)}{ASIDE}{said}{ASIDE_ENDS}"
