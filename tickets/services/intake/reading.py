"""An incoming message as a person reads it before deciding: plain text, nothing of it is run."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext, pgettext

from tickets.choices import Channel
from tickets.mail.parse import parse_mail
from tickets.models import RawIntake
from tickets.services.intake.raw import raw_of

MOST_SHOWN = 20_000


@dataclass(frozen=True, slots=True)
class Readable:
    """The words, what came along, and whether anything was left out here."""

    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
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
        text = json.dumps(json.loads(raw), ensure_ascii=False, indent=2)
        return Readable(text=text[:MOST_SHOWN], is_cut=len(text) > MOST_SHOWN)
    is_large = len(raw) > settings.MAIL_MAX_BYTES
    mail = parse_mail(raw[:65_536] if is_large else raw)
    facts = (
        (pgettext("mail", "From"), f"{mail.from_name} <{mail.from_address}>".strip()),
        (pgettext("mail", "To"), ", ".join(one.address for one in mail.to[:5])),
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
