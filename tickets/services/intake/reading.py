"""An incoming message as a person reads it before deciding: plain text, nothing of it is run.

Names and addresses are masked here as everywhere; in full they are shown for a reason
(``tickets.services.disclosing.disclose_intake``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import Text
from aftersales.kernel.masking import mask_email, mask_name, mask_sender
from customers.models import ContactChannel, Shop
from tickets.choices import Channel
from tickets.mail.parse import ParsedMail, parse_mail
from tickets.models import RawIntake
from tickets.services.intake.raw import raw_of

MOST_SHOWN = 20_000
# Keys that hold somebody's data: of forms, of the API, of what was relayed.
PERSONAL: dict[str, Text] = {
    "name": _("Name"),
    "author_name": _("Name"),
    "email": ContactChannel.EMAIL.label,
    "phone": ContactChannel.PHONE.label,
    "address": _("Address"),
}
FROM, TO = pgettext_lazy("mail", "From"), pgettext_lazy("mail", "To")
# Their own names are no person's.
FILES = "files"


@dataclass(frozen=True, slots=True)
class Readable:
    """The words, what came along, and whether anything was left out here."""

    text: str = ""
    facts: tuple[tuple[Text, str], ...] = ()
    files: tuple[tuple[str, int], ...] = ()
    is_cut: bool = False
    is_lost: bool = False


def readable(intake: RawIntake) -> Readable:
    """The decoded message; one above ``MAIL_MAX_BYTES`` shows its header only."""
    try:
        raw = raw_of(intake)
    except FileNotFoundError:
        return Readable(is_lost=True)
    if intake.channel != Channel.MAIL:
        said = masked(json.loads(raw), intake.sender)
        text = json.dumps(said, ensure_ascii=False, indent=2)
        return Readable(text=text[:MOST_SHOWN], is_cut=len(text) > MOST_SHOWN)
    mail, is_large = _mail(raw)
    facts = (
        *_people(mail, mask_name, _mask_of_others()),
        (gettext("Subject"), mail.subject),
        ("Message-ID", mail.message_id),
        ("In-Reply-To", mail.in_reply_to),
    )
    return Readable(
        text=mail.text[:MOST_SHOWN],
        facts=tuple((name, value) for name, value in facts if value),
        files=tuple((one.filename, len(one.content)) for one in mail.attachments[:50]),
        is_cut=is_large or mail.is_text_cut or len(mail.text) > MOST_SHOWN,
    )


def people_of(intake: RawIntake) -> list[tuple[Text, str]]:
    """Who wrote, and from where, in full; raises ``FileNotFoundError`` when the bytes are lost."""
    raw = raw_of(intake)
    if intake.channel == Channel.MAIL:
        return list(_people(_mail(raw)[0], str, str))
    return list(_personal(json.loads(raw), intake.sender))


def masked(said: Any, sender: str) -> Any:
    """What came as JSON without names and addresses; the sender's also where a column of an
    imported file holds it."""
    if isinstance(said, dict):
        return {
            key: value
            if key == FILES
            else mask_sender(value)
            if key in PERSONAL and isinstance(value, str)
            else masked(value, sender)
            for key, value in said.items()
        }
    if isinstance(said, list):
        return [masked(value, sender) for value in said]
    return mask_sender(said) if said and said == sender else said


def _personal(said: Any, sender: str, key: str = "") -> Iterator[tuple[Text, str]]:
    """The values that ``masked`` masks, by their keys."""
    if isinstance(said, dict):
        for name, value in said.items():
            if name != FILES:
                yield from _personal(value, sender, str(name))
    elif isinstance(said, list):
        for value in said:
            yield from _personal(value, sender, key)
    elif isinstance(said, str) and said and (key in PERSONAL or said == sender):
        yield PERSONAL.get(key, key), said


def _mail(raw: bytes) -> tuple[ParsedMail, bool]:
    """The mail, or the head of one that is too large."""
    is_large = len(raw) > settings.MAIL_MAX_BYTES
    return parse_mail(raw[:65_536] if is_large else raw), is_large


def _mask_of_others() -> Callable[[str], str]:
    """Masks addresses, save those of our own shops: which of them was written to matters."""
    shops = Shop.objects.exclude(support_mail="").values_list("support_mail", flat=True)
    own = {address.lower() for address in (settings.DEFAULT_FROM_EMAIL, *shops)}
    return lambda address: address if address.lower() in own else mask_email(address)


def _people(
    mail: ParsedMail, name: Callable[[str], str], address: Callable[[str], str]
) -> Iterator[tuple[Text, str]]:
    sender = f"{name(mail.from_name)} <{address(mail.from_address)}>"
    yield FROM, sender.strip()
    yield TO, ", ".join(address(one.address) for one in mail.to[:5])
