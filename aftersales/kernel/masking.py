"""Personal data as lists show it: enough to recognise, not enough to use."""

from __future__ import annotations

import re
from typing import Final

# What looks like a mail address or a phone number in running text.
MAIL_SHAPE: Final = re.compile(
    r"(?:\"[^\"@]{1,200}\"|[\w+][\w.!#$%&'*+/=?^`{|}~-]{0,200})@[\w-]+(?:\.[\w-]+)+"
)
PHONE_SHAPE: Final = re.compile(
    r"(?<![A-Za-z0-9.,-])(?!\d{4}-\d{2}-\d{2}(?!\d))\+?\d[\d\s()/-]{5,18}\d(?![A-Za-z0-9])"
)
STATUS_LINK: Final = re.compile(r"(https?://[^\s/]+/s/)[^\s/]+")


def mask_name(name: str) -> str:
    """李小明 → 李**, Maria Schmidt → Maria S***."""
    name = name.strip()
    if not name:
        return ""
    if any("\u4e00" <= char <= "\u9fff" for char in name):
        return name[0] + "*" * max(len(name) - 1, 1)
    first, _, rest = name.partition(" ")
    return f"{first} {rest[:1]}***" if rest else f"{first[0]}***"


def replaced(text: str, name: str, by: str) -> str:
    """A text with ``by`` where it has the name, as a word of its own; one character is no name."""
    name = name.strip()
    if len(name) < 2:
        return text
    return re.sub(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", lambda _found: by, text)


def mask_name_in(text: str, name: str) -> str:
    """A text that names somebody, as those read it who were not shown the name."""
    return replaced(text, name, mask_name(name))


def mask_phone(number: str) -> str:
    """13812345678 → 138****5678; short numbers keep their last two digits only."""
    if len(number) < 8:
        return "*" * max(len(number) - 2, 0) + number[-2:]
    return f"{number[:3]}****{number[-4:]}"


def mask_email(address: str) -> str:
    """li.wei@example.cn → l***@example.cn."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}***{at}{domain}" if at else "***"


def mask_sender(text: str) -> str:
    """Whoever something came from: a mail address, a number, else a name."""
    text = text.strip()
    if "@" in text:
        return mask_email(text)
    return mask_phone(text) if PHONE_SHAPE.fullmatch(text) else mask_name(text)


def mask_contacts(text: str) -> str:
    """A text with every mail address and phone number in it masked: what programs say of errors."""
    text = MAIL_SHAPE.sub(lambda found: mask_email(found[0]), text)
    return PHONE_SHAPE.sub(lambda found: mask_phone(found[0]), text)


def mask_links(text: str) -> str:
    """A text without the keys in its status links: whoever has one answers as the customer."""
    return STATUS_LINK.sub(r"\1…", text)


def mask_line(text: str, keep: int = 6) -> str:
    """An address line: the first characters, the rest starred."""
    return text[:keep] + "***" if len(text) > keep else "***"
