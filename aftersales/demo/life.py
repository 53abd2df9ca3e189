"""One case of the past: what the desk's verbs would have written, step by step."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from aftersales.demo.chronicle import Chronicle
from aftersales.demo.ground import LANGUAGES, TEAM_OF_SHOP, Ground, by
from aftersales.demo.mails import Postman, sign_link
from aftersales.demo.market import Purchase
from aftersales.demo.photos import Photo, keep
from aftersales.demo.rows import Row, Stamp
from aftersales.demo.stories import Story
from aftersales.kernel.context import Source
from tickets.choices import MessageKind
from tickets.models import (
    Attachment,
    Mention,
    Message,
    RawIntake,
    StatusLink,
    Ticket,
    TicketSearch,
    Watcher,
)
from tickets.search import quote, tokens

CHANNELS: Final = {
    "zh": (
        ("chat", 26),
        ("phone", 44),
        ("wechat", 58),
        ("mail", 72),
        ("web", 84),
        ("api", 92),
        ("review", 97),
        ("counter", 100),
    ),
    "en": (("mail", 42), ("web", 64), ("phone", 76), ("chat", 88), ("api", 95), ("review", 100)),
}
ABSENT: Final = ("mail", "web", "api", "portal", "wechat")
# Through which door a customer's words on a channel come in.
DOORS: Final = {
    "mail": Source.MAIL,
    "api": Source.API,
    "web": Source.PORTAL,
    "review": Source.IMPORT,
}
TONES: Final = {"polite": "neutral", "annoyed": "negative", "angry": "angry"}
KIND_WORDS: Final = {
    "inbound": "From the customer",
    "outbound": "To the customer",
    "note": "Internal note",
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
        """Let hours pass, into the working day, but never past half of what is left."""
        hours = least + (most - least) * self.rng.random() ** 2
        moment = self.at + timedelta(hours=hours, seconds=self.rng.randrange(60))
        local = timezone.localtime(moment)
        if local.hour < 8:
            moment += timedelta(hours=8 - local.hour, minutes=self.rng.randrange(40))
        elif local.hour >= 21:
            moment += timedelta(hours=32 - local.hour, minutes=self.rng.randrange(40))
        self.at = min(moment, self.at + (self.end - self.at) * 0.5)

    def by(self, user: Row, source: str = Source.ADMIN, reason: str = "") -> Stamp:
        request_id = "" if source == Source.JOB else f"{self.rng.getrandbits(64):016x}"
        return by(user, source, self.at, reason, request_id)

    def by_system(self, source: str = Source.JOB, reason: str = "") -> Stamp:
        return self.by(self.ground.system, source, reason)

    def worker(self, seconds: int = 20) -> Stamp:
        return by(self.ground.system, Source.JOB, self.at + timedelta(seconds=seconds))

    # Writing

    def save(self, signature: Stamp, **values: Any) -> None:
        """A new version of the case with the time of the last activity."""
        self.pen.change(Ticket, self.ticket, values | {"updated_at": signature.at}, signature)

    def log(self, code: str, signature: Stamp, note: str = "", **data: Any) -> None:
        subject = (Ticket, self.ticket, self.number)
        self.pen.event(code, subject, signature, case=self.ticket, note=note, data=data)

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
        hours = settings.FIRST_ANSWER_HOURS[self.ticket["priority"]]
        return (start or self.at) + timedelta(hours=hours)

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

    # The beginning

    def receive(self, channel: str, subject: str, body: str) -> None:
        """The case is recorded with the customer's first words."""
        absent = channel in (*ABSENT, "review")
        recorder = self.recorder(channel)
        signature = self.by(recorder, DOORS.get(channel, Source.ADMIN))
        department = "service" if absent else self.ground.department_of(self.story.category)
        category = None if absent else self.ground.categories[self.story.category]["id"]
        priority = self.story.priority if not absent else "normal"
        self.ticket = self.pen.add(
            Ticket,
            {
                "number": self.number,
                "subject": subject[:200],
                "kind": self.story.kind,
                "category_id": category,
                "channel": channel,
                "priority": priority,
                "department_id": self.ground.departments[department]["id"],
                "customer_id": self.purchase.customer["id"],
                "order_id": self.purchase.order["id"],
                "shop_id": self.purchase.customer["shop_id"],
                "language": self.language,
                "external_id": f"FB{self.rng.randrange(10**12):012d}" if channel == "api" else "",
                "created_by_id": recorder["id"],
                "due_at": self.at + timedelta(hours=settings.FIRST_ANSWER_HOURS[priority]),
                "received_at": self.at,
                "updated_at": self.at,
                "last_inbound_at": self.at,
                "routed_at": None if absent else self.at,
            },
            signature,
        )
        self.texts += [self.number, subject, self.ticket["external_id"], self.purchase.person.name]
        self.texts += [self.purchase.order["external_id"], self.purchase.tracking_number]
        self.first_message = self.say(MessageKind.INBOUND, body, signature)
        self.log("tickets.received", signature, message=self.first_message["id"])
        if channel in DOORS:
            self.take_in(channel, subject, body, signature)

    def recorder(self, channel: str) -> Row:
        if channel == "api":
            return self.ground.api
        if channel in DOORS or channel == "wechat":
            return self.ground.system
        return self.ground.agent(self.rng, "service")

    def take_in(self, channel: str, subject: str, body: str, signature: Stamp) -> None:
        """The raw message, as it lay in the file store before it became this case."""
        person = self.purchase.person
        key = f"{self.rng.getrandbits(64):016x}"
        content = raw_bytes(channel, person.name, person.email, subject, body, key, signature.at)
        raw = self.pen.add(
            RawIntake,
            {
                "channel": channel,
                "external_id": f"<{key}@{person.email.partition('@')[2]}>"
                if channel == "mail"
                else key,
                "digest": keep(content),
                "size": len(content),
                "outcome": "ticket",
                "sender": person.email,
                "subject": subject[:200],
                "ticket_id": self.ticket["id"],
                "message_id": self.first_message["id"],
                "received_at": signature.at,
                "handled_at": signature.at,
            },
            signature,
        )
        label = f"{channel} {raw['external_id'][:60]}"
        self.pen.event(
            "tickets.intake_decided",
            (RawIntake, raw, label),
            signature,
            case=self.ticket,
            data={"outcome": "ticket"},
        )

    def attach(self, photos: list[Photo], message: Row, signature: Stamp) -> list[Row]:
        """Pictures the customer sent along."""
        added = []
        shot = f"IMG_{signature.at:%m%d}_{self.rng.randrange(1000, 9999)}"
        for number, photo in enumerate(photos, 1):
            row = self.pen.add(
                Attachment,
                {
                    "ticket_id": self.ticket["id"],
                    "message_id": message["id"],
                    "file_name": f"{shot}_{number}.png",
                    "digest": photo.digest,
                    "media_type": "image/png",
                    "size": photo.size,
                    "has_thumbnail": True,
                    "added_by_id": self.ground.system["id"],
                    "added_at": signature.at,
                },
                signature,
            )
            data = {"sha256": photo.digest, "size": photo.size, "type": "image/png"}
            self.pen.event(
                "tickets.file_added",
                (Attachment, row, row["file_name"]),
                signature,
                case=self.ticket,
                data=data,
            )
            added.append(row)
        return added

    def acknowledge(self) -> None:
        """By the machine where the customer is away, else by who took the case in."""
        if self.ticket["channel"] in ABSENT:
            self.at += timedelta(seconds=8)
            signature = self.worker(0)
        else:
            self.wait(0.02, 0.4)
            signature = self.by(self.agent or self.ground.agent(self.rng, "service"))
        self.save(signature, acknowledged_at=signature.at)
        self.log("tickets.acknowledged", signature)
        self.mail("acknowledgement", signature)

    def assess(self) -> None:
        """Kind, category, urgency; a safety matter goes to the front."""
        self.wait(0.05, 1.5)
        self.agent = self.agent or self.ground.agent(self.rng, "service")
        signature = self.by(self.agent)
        story, before = self.story, dict(self.ticket)
        values: Row = {
            "category_id": self.ground.categories[story.category]["id"],
            "priority": "urgent" if story.is_safety else story.priority,
            "severity": "critical" if story.is_safety else self.severity(),
            "complexity": self.rng.choices(("simple", "normal", "complex"), (35, 50, 15))[0],
            "sentiment": "positive" if story.kind == "praise" else TONES[story.tone],
            "is_green_channel": story.is_safety,
            "requested_remedy": story.offer.remedy if story.offer.amount else "",
            "assessed_at": signature.at,
            "status": "open",
        }
        changed = sorted(name for name, value in values.items() if before[name] != value)
        self.ticket["priority"] = values["priority"]
        values["due_at"] = self.promise(self.ticket["received_at"])
        self.save(signature, **values)
        fields = [
            name.removesuffix("_id") for name in changed if name not in ("status", "assessed_at")
        ]
        self.log("tickets.assessed", signature, fields=fields, first=True)

    def severity(self) -> str:
        weights = {"urgent": (0, 20, 80), "high": (10, 60, 30), "normal": (45, 50, 5)}
        return self.rng.choices(
            ("minor", "moderate", "major"), weights.get(self.story.priority, (85, 15, 0))
        )[0]

    def hand_to(self, department: str) -> None:
        """Route to a department's team and give the case to somebody there."""
        signature = self.by(self.agent or self.ground.leads["service"])
        home = self.ground.departments[department]["id"]
        team = (
            self.ground.teams.get(TEAM_OF_SHOP[self.purchase.shop.code])
            if department == "service"
            else None
        )
        if self.ticket["department_id"] != home or self.ticket["routed_at"] is None:
            origin = self.ticket["department_id"]
            self.save(
                signature,
                department_id=home,
                team_id=team["id"] if team else None,
                routed_at=self.at,
                assignee_id=None,
                status="open",
            )
            code = next(c for c, row in self.ground.departments.items() if row["id"] == origin)
            self.log("tickets.routed", signature, origin=code, target=department)
        self.agent = self.ground.agent(self.rng, department)
        if self.rng.random() < 0.5:
            signature = self.by(self.ground.leads.get(department, self.agent))
        else:
            signature = self.by(self.agent)
        self.save(signature, assignee_id=self.agent["id"], status="open")
        self.log("tickets.assigned", signature, assignee=self.agent["display_name"])

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
        label = f"{KIND_WORDS['outbound']} #{message['id']}"
        self.pen.event(
            "tickets.replied",
            (Message, message, label),
            signature,
            case=self.ticket,
            data={"status": self.ticket["status"], "first": first},
        )
        self.mail("reply", signature, message)

    def customer_writes(self, text: str, *, is_quiet: bool = False) -> Row:
        """The customer's next words; they end a wait unless they are only thanks."""
        door = DOORS.get(self.ticket["channel"], Source.PORTAL)
        signature = self.by_system(door)
        message = self.say(MessageKind.INBOUND, text, signature)
        label = f"{KIND_WORDS['inbound']} #{message['id']}"
        self.pen.event(
            "tickets.message_received",
            (Message, message, label),
            signature,
            case=self.ticket,
            data={"channel": message["channel"], "automatic": False},
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
        label = f"{KIND_WORDS['note']} #{message['id']}"
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
        vector = " ".join(f"'{quote(token)}'" for token in found)
        self.pen.batch[TicketSearch].add({"ticket_id": self.ticket["id"], "vector": vector})


def raw_bytes(
    channel: str, name: str, address: str, subject: str, body: str, key: str, at: datetime
) -> bytes:
    """What arrived, byte for byte: a mail, or the fields of a form, an API call or a file."""
    if channel == "mail":
        head = f"From: {name} <{address}>\r\nTo: support\r\nSubject: {subject}\r\n"
        stamp = f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000\r\nMessage-ID: <{key}@example.com>\r\n"
        kind = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        return (head + stamp + kind + body + "\r\n").encode()
    fields = {"name": name, "email": address, "subject": subject, "body": body, "id": key}
    return json.dumps(fields, ensure_ascii=False).encode()
