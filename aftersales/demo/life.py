"""One case of the past: what the desk's verbs would have written, step by step."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from aftersales.demo.chronicle import Chronicle
from aftersales.demo.ground import LANGUAGES, Ground, by
from aftersales.demo.mails import Postman, sign_link
from aftersales.demo.market import Purchase
from aftersales.demo.promises import answer_due
from aftersales.demo.rows import Row, Stamp
from aftersales.demo.stories import Story
from aftersales.kernel.context import Source
from tickets.choices import MessageKind
from tickets.models import (
    Mention,
    Message,
    StatusLink,
    Ticket,
    TicketSearch,
    Watcher,
)
from tickets.search import quote, tokens

# Through which door a customer's words on a channel come in.
DOORS: Final = {
    "mail": Source.MAIL,
    "api": Source.API,
    "web": Source.PORTAL,
    "review": Source.IMPORT,
}
NAMED: Final = re.compile(r"^(@\S+|[A-Z][a-z]+:|[A-Z][a-z]+,)\s*")


class Life:
    """A case under way at `self.at`; nothing happens after `end`."""

    def __init__(
        self,
        pen: Chronicle,
        ground: Ground,
        postman: Postman,
        purchase: Purchase,
        story: Story,
        *,
        number: str,
        received: datetime,
        end: datetime,
    ) -> None:
        self.pen, self.ground, self.postman, self.rng = pen, ground, postman, pen.rng
        self.purchase, self.story, self.number = purchase, story, number
        self.at, self.end = received, end
        self.language = LANGUAGES[purchase.shop.language]
        self.texts: list[str] = []
        self.followers: set[int] = set()
        self.link: Row | None = None
        self.last_mail = ""
        self.agent: Row = {}
        self.ticket: Row = {}
        self.first_message: Row = {}

    # Time and signatures

    def wait(self, least: float, most: float) -> None:
        """Let hours pass, into the working day, but never past half of what is left, nor back."""
        hours = least + (most - least) * self.rng.random() ** 2
        moment = self.at + timedelta(hours=hours, seconds=self.rng.randrange(60))
        local = timezone.localtime(moment, timezone.get_default_timezone())
        if local.hour < 8:
            moment += timedelta(hours=8 - local.hour, minutes=self.rng.randrange(40))
        elif local.hour >= 21:
            moment += timedelta(hours=32 - local.hour, minutes=self.rng.randrange(40))
        self.at = min(moment, self.at + max(self.end - self.at, timedelta()) * 0.5)

    def by(self, user: Row, source: str = Source.ADMIN, reason: str = "") -> Stamp:
        request_id = "" if source == Source.JOB else f"{self.rng.getrandbits(64):016x}"
        return by(user, source, self.at, reason, request_id)

    def by_system(self, source: str = Source.JOB, reason: str = "") -> Stamp:
        return self.by(self.ground.system, source, reason)

    def worker(self, seconds: int = 20) -> Stamp:
        return by(self.ground.system, Source.JOB, self.at + timedelta(seconds=seconds))

    # Writing

    def save(self, signature: Stamp, **values: Any) -> None:
        """A new version of the case with the time of the last activity; nothing of ours is due
        while the customer has to answer."""
        if values.get("status", self.ticket["status"]) == "pending":
            values["due_at"] = None
        self.pen.change(Ticket, self.ticket, values | {"updated_at": signature.at}, signature)

    def log(self, code: str, signature: Stamp, note: str = "", **data: Any) -> None:
        subject = (Ticket, self.ticket, self.number)
        self.pen.event(code, subject, signature, case=self.ticket, note=note, data=data)

    def happened(
        self,
        code: str,
        model: Any,
        row: Row,
        label: str,
        signature: Stamp,
        *,
        note: str = "",
        **data: Any,
    ) -> None:
        self.pen.event(code, (model, row, label), signature, case=self.ticket, note=note, data=data)

    def say(
        self,
        kind: str,
        text: str,
        signature: Stamp,
        *,
        author: Row | None = None,
        is_final: bool = False,
    ) -> Row:
        self.texts.append(text)
        can_undo = kind == MessageKind.OUTBOUND and not is_final
        undo = settings.UNDO_SECONDS if can_undo else 0
        return self.pen.add(
            Message,
            {
                "ticket_id": self.ticket["id"],
                "kind": kind,
                "channel": self.ticket["channel"],
                "author_id": author["id"] if author else None,
                "author_name": author["display_name"] if author else self.purchase.person.name,
                "body": text,
                "created_at": signature.at,
                "effective_at": signature.at + timedelta(seconds=undo),
            },
            signature,
        )

    def promise(self, start: datetime | None = None) -> datetime:
        return answer_due(self.ticket, start or self.at)

    def mail(
        self, purpose: str, signature: Stamp, message: Row | None = None, **values: str
    ) -> Row:
        """A mail to the customer, sent by the worker a moment later."""
        link = self.ensure_link(signature)
        key = (
            f"message:{message['id']}"
            if message
            else f"{purpose}:{self.ticket['id']}:{self.pen.new_id()[:8]}"
        )
        mail = self.postman.send(
            self.ticket,
            link,
            self.purchase.person.email,
            purpose,
            signature,
            values={"body": message["body"] if message else "", **values},
            message=message,
            effect_key=key,
            last_mail=self.last_mail,
            worker=self.worker(),
        )
        self.last_mail = mail["mail_id"]
        return mail

    def ensure_link(self, signature: Stamp) -> Row:
        if self.link is None:
            self.link = self.pen.add(
                StatusLink,
                {
                    "ticket_id": self.ticket["id"],
                    "public_id": UUID(self.pen.new_id()),
                    "created_at": signature.at,
                    "expires_at": signature.at + timedelta(days=settings.STATUS_LINK_DAYS),
                },
                signature,
            )
            sign_link(self.link)
            label = f"{self.number} – {self.link['expires_at']:%Y-%m-%d}"
            self.pen.event(
                "tickets.link_created", (StatusLink, self.link, label), signature, case=self.ticket
            )
        return self.link

    # The conversation

    def reply(self, text: str, then: str = "") -> None:
        self.wait(0.1, 2.5)
        signature = self.by(self.agent)
        message = self.say(MessageKind.OUTBOUND, text, signature, author=self.agent)
        values: Row = {"status": then or self.ticket["status"]}
        first = self.ticket["first_response_at"] is None
        if first:
            values["first_response_at"] = signature.at
        self.save(signature, **values)
        label = f"#{message['id']}"
        self.pen.event(
            "tickets.replied",
            (Message, message, label),
            signature,
            case=self.ticket,
            data={
                "status": self.ticket["status"],
                "first": first,
                "variant": self.ticket["status"],
            },
        )
        self.mail("reply", signature, message)

    def customer_writes(self, text: str, *, is_quiet: bool = False) -> Row:
        """The customer's next words; they end a wait unless they are only thanks."""
        door = DOORS.get(self.ticket["channel"], Source.PORTAL)
        signature = self.by_system(door)
        message = self.say(MessageKind.INBOUND, text, signature)
        label = f"#{message['id']}"
        self.pen.event(
            "tickets.message_received",
            (Message, message, label),
            signature,
            case=self.ticket,
            data={
                "channel": message["channel"],
                "automatic": False,
                "variant": "quiet" if is_quiet else "words",
            },
        )
        values: Row = {"last_inbound_at": signature.at}
        if not is_quiet and self.ticket["status"] == "pending":
            values |= {"status": "open", "due_at": self.promise()}
            self.log("tickets.resumed", signature)
        self.save(signature, **values)
        return message

    def note(self, text: str, author: Row, calls: Row | None = None) -> Row:
        """An internal note; who is called by name follows the case from then on."""
        self.wait(0.1, 3)
        signature = self.by(author)
        if calls is not None:
            text = f"@{calls['username']} {NAMED.sub('', text)}"
        message = self.say(MessageKind.NOTE, text, signature, author=author)
        if calls is not None:
            self.call(calls, message, signature)
        self.save(signature)
        label = f"#{message['id']}"
        self.pen.event("tickets.noted", (Message, message, label), signature, case=self.ticket)
        return message

    def call(self, person: Row, message: Row, signature: Stamp) -> None:
        is_recent = signature.at > self.end - timedelta(days=3)
        self.pen.add(
            Mention,
            {
                "message_id": message["id"],
                "ticket_id": self.ticket["id"],
                "user_id": person["id"],
                "created_at": signature.at,
                "seen_at": None if is_recent else signature.at + timedelta(minutes=25),
            },
            signature,
        )
        if person["id"] in self.followers:
            return
        self.followers.add(person["id"])
        values = {"ticket_id": self.ticket["id"], "user_id": person["id"], "since": signature.at}
        row = self.pen.add(Watcher, values, signature)
        label = f"{person['display_name']} → {self.number}"
        self.pen.event(
            "tickets.watched",
            (Watcher, row, label),
            signature,
            case=self.ticket,
            data={"user": f"{person['display_name']} ({person['username']})"},
        )

    def index(self) -> None:
        """What finds the case; written once, after its last word."""
        found = dict.fromkeys(token for text in self.texts if text for token in tokens(text))
        plain = "' '".join(found)
        if plain.count("'") != 2 * (len(found) - 1) or "\\" in plain:
            plain = "' '".join(map(quote, found))
        vector = f"'{plain}'"
        self.pen.batch[TicketSearch].add({"ticket_id": self.ticket["id"], "vector": vector})
