"""The first steps of a case's life: received, acknowledged, assessed and given to somebody."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Final

from aftersales.demo.ground import TEAM_OF_SHOP
from aftersales.demo.life import DOORS, Life
from aftersales.demo.photos import Photo, keep
from aftersales.demo.promises import answer_due
from aftersales.demo.rows import Row, Stamp
from aftersales.kernel.context import Source
from tickets.choices import MessageKind
from tickets.models import Attachment, RawIntake, Ticket

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
TONES: Final = {"polite": "neutral", "annoyed": "negative", "angry": "angry"}


class Arriving(Life):
    """A case that comes in and finds who looks after it."""

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
                "due_at": answer_due({"channel": channel, "priority": priority}, self.at),
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
