"""Mail that is no case: quarantined, ignored, delivered twice; and one of ours that never left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from aftersales.demo.arriving import raw_bytes
from aftersales.demo.chronicle import Chronicle
from aftersales.demo.ground import Ground, by
from aftersales.demo.photos import keep
from aftersales.demo.rows import Row
from aftersales.demo.settling import Settling
from aftersales.kernel.context import Source
from tickets.models import OutboundMail, RawIntake

# sender | subject | text | outcome | why | hours ago
STRAYS: Final = (
    (
        "mailer-daemon@mail.example.com",
        "Undelivered Mail Returned to Sender",
        "The following message could not be delivered.",
        "ignored",
        "bounce",
        30,
    ),
    (
        "office@partner.example.net",
        "Automatic reply: Out of office",
        "I am away until Monday.",
        "ignored",
        "automatic reply",
        52,
    ),
    (
        "news@deals.example.org",
        "双十二大促！全场低至三折",
        "点击查看优惠",
        "ignored",
        "newsletter",
        75,
    ),
    (
        "noreply@bank.example.net",
        "Automatic reply: Thank you for your message",
        "This mailbox is not read.",
        "ignored",
        "automatic reply",
        140,
    ),
    ("", "（无主题）", "东西坏了怎么办，没人理我", "quarantined", "sender address missing", 5),
    (
        "liu.m@post.example.net",
        "Fwd: Fwd: Fwd: 投诉",
        "请看附件里的聊天记录",
        "quarantined",
        "sender and reply address differ",
        20,
    ),
    (
        "m.osei@example.org",
        "Complaint about your courier",
        "Please call me back.",
        "quarantined",
        "more than ten recipients",
        44,
    ),
    (
        "winner@lucky.example.org",
        "恭喜您获得售后补偿金 2000 元",
        "点击领取",
        "quarantined",
        "looks like fraud",
        60,
    ),
)


def stray_mails(pen: Chronicle, ground: Ground, today: datetime, past: list[Settling]) -> None:
    """Add the strays, two second deliveries, and a mail parked after its last attempt."""
    for sender, subject, text, outcome, why, hours in STRAYS:
        add_raw(pen, ground, today - timedelta(hours=hours), sender, subject, text, outcome, why)
    taken = [row for row in pen.batch[RawIntake].rows if row["outcome"] == "ticket"]
    for original in taken[-2:]:
        at = original["received_at"] + timedelta(minutes=1)
        copied = ("channel", "external_id", "digest", "size", "sender", "subject")
        values = {name: original[name] for name in copied}
        values |= {
            "outcome": "duplicate",
            "duplicate_of_id": original["id"],
            "reason": "seen before",
        }
        times = {"received_at": at, "handled_at": at}
        pen.add(RawIntake, values | times, by(ground.system, Source.MAIL, at))
    resolved = [case for case in past if case.ticket["status"] == "resolved"]
    if resolved:
        park_mail(pen, resolved[-1], today)


def add_raw(
    pen: Chronicle,
    ground: Ground,
    at: datetime,
    sender: str,
    subject: str,
    text: str,
    outcome: str,
    why: str,
) -> Row:
    signature = by(ground.system, Source.MAIL, at)
    key = f"{pen.rng.getrandbits(64):016x}"
    content = raw_bytes("mail", "", sender, subject, text, key, at)
    raw = pen.add(
        RawIntake,
        {
            "channel": "mail",
            "external_id": f"<{key}@example.com>",
            "digest": keep(content),
            "size": len(content),
            "outcome": outcome,
            "reason": why,
            "sender": sender,
            "subject": subject,
            "received_at": at,
            "handled_at": at,
        },
        signature,
    )
    pen.event(
        "tickets.intake_decided",
        (RawIntake, raw, f"mail {raw['external_id']}"),
        signature,
        data={"outcome": outcome},
        note=why,
    )
    return raw


def park_mail(pen: Chronicle, case: Settling, today: datetime) -> None:
    """The mailbox of this customer is full; a person has to see to it."""
    case.at = today - timedelta(hours=3)
    signature = case.by(case.agent)
    link = case.ensure_link(signature)
    mail = case.postman.send(
        case.ticket,
        link,
        case.purchase.person.email,
        "survey",
        signature,
        values={},
        effect_key=f"survey-again:{case.ticket['id']}",
        last_mail=case.last_mail,
        worker=None,
    )
    worker = by(case.ground.system, Source.JOB, today - timedelta(hours=1, minutes=50))
    error = "SMTPRecipientsRefused: 452 4.2.2 mailbox full"
    pen.change(OutboundMail, mail, {"status": "parked", "attempts": 6, "last_error": error}, worker)
    subject = (OutboundMail, mail, f"survey → {case.number}")
    pen.event("tickets.mail_parked", subject, worker, case=case.ticket, note=error)
