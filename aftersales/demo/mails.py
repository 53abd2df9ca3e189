"""Outgoing mails of the demo's past, rendered once per purpose, language and sum."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from aftersales.demo.chronicle import Chronicle
from aftersales.demo.rows import Row, Stamp
from aftersales.kernel.masking import mask_email
from tickets.choices import Remedy
from tickets.links import link_token, mail_signature
from tickets.models import OutboundMail

# Stand where the template puts a value; no text of the demo contains them.
_MARKS: Final = {
    name: f"\ue000{name}\ue001"
    for name in ("number", "subject", "body", "due", "status_url", "remedy")
}


class Postman:
    """Queues and delivers mails of the past."""

    def __init__(self, pen: Chronicle) -> None:
        self.pen = pen
        self.texts: dict[tuple[str, ...], tuple[str, str]] = {}

    def send(
        self,
        ticket: Row,
        link: Row,
        address: str,
        purpose: str,
        by: Stamp,
        *,
        values: Mapping[str, str],
        message: Row | None = None,
        effect_key: str,
        last_mail: str = "",
        worker: Stamp | None,
    ) -> Row:
        """A mail of the past: delivered by the worker, or without one still in the queue."""
        known = {
            "number": ticket["number"],
            "subject": ticket["subject"],
            "due": promised(ticket) if purpose == "acknowledgement" else "",
            "status_url": f"{settings.PUBLIC_URL}/s/{link['token']}/",
        }
        subject, body = self.written(purpose, ticket["language"], known | dict(values))
        mail = {
            "ticket_id": ticket["id"],
            "message_id": message["id"] if message else None,
            "purpose": purpose,
            "effect_key": effect_key,
            "to_address": address,
            "subject": " ".join(subject.split())[:300],
            "body": body,
            "language": ticket["language"],
            "mail_id": self.mail_id(ticket["id"]),
            "in_reply_to": last_mail,
            "send_after": message["effective_at"] if message else by.at,
            "created_at": by.at,
        }
        return self.deliver(ticket, mail, by, worker)

    def deliver(self, ticket: Row, mail: Row, by: Stamp, worker: Stamp | None) -> Row:
        """Sent where a worker is given, else in the queue; with the event of either."""
        sent = {"status": "sent", "attempts": 1, "sent_at": worker.at} if worker else {}
        row = self.pen.add(OutboundMail, sent | mail, worker or by)
        code = "tickets.mail_sent" if worker else "tickets.mail_queued"
        label = f"{ticket['number']} → {mask_email(mail['to_address'])}"
        data = {"purpose": mail["purpose"]}
        self.pen.event(code, (OutboundMail, row, label), worker or by, case=ticket, data=data)
        return row

    def mail_id(self, ticket_id: int) -> str:
        """As `tickets.links.new_mail_id`, with the generator's nonce."""
        nonce = f"{self.pen.rng.getrandbits(48):012x}"
        signature = mail_signature(ticket_id, nonce)
        return f"<desk.{ticket_id}.{nonce}.{signature}@{settings.MAIL_DOMAIN}>"

    def written(self, purpose: str, language: str, values: Mapping[str, str]) -> tuple[str, str]:
        money = values.get("amount", ""), values.get("currency", "")
        subject, body = self.template(purpose, language, *money)
        for name, mark in _MARKS.items():
            value = values.get(name, "")
            subject, body = subject.replace(mark, value), body.replace(mark, value)
        return subject, body

    def template(self, purpose: str, language: str, amount: str, currency: str) -> tuple[str, str]:
        """Subject and text with marks for other values than money; rendered on first use."""
        key = purpose, language, amount, currency
        if key not in self.texts:
            proposal: Any = SimpleNamespace(
                get_remedy_display=_MARKS["remedy"],
                terms=_MARKS["body"],
                amount=amount,
                currency=currency,
            )
            context = {
                "ticket": SimpleNamespace(number=_MARKS["number"], subject=_MARKS["subject"]),
                "message": SimpleNamespace(body=_MARKS["body"]),
                "proposal": proposal,
                "due": _MARKS["due"],
                "status_url": _MARKS["status_url"],
            }
            with translation.override(language):
                folder = f"tickets/email/{purpose}"
                subject = render_to_string(f"{folder}.subject.txt", context).strip()
                text = render_to_string(f"{folder}.txt", context).strip() + "\n"
            self.texts[key] = (subject, text)
        return self.texts[key]


def promised(ticket: Row) -> str:
    """When an answer was promised, as the mail's language writes it."""
    due = timezone.localtime(ticket["due_at"])
    return (
        f"{due:%Y年%m月%d日 %H:%M}" if ticket["language"] == "zh-hans" else f"{due:%d %b %Y, %H:%M}"
    )


def remedy_words(remedy: str, language: str) -> str:
    with translation.override(language):
        return str(Remedy(remedy).label)


def sign_link(link: Row) -> None:
    """Keep the link's signed token beside its row; it is no column."""
    link["token"] = link_token(link["public_id"])
