"""Mail that is no case: quarantined, ignored, delivered twice; and one of ours that never left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from aftersales.demo.arriving import raw_bytes
from aftersales.demo.chronicle import Chronicle
from aftersales.demo.ground import Ground, by
from aftersales.demo.photos import keep
from aftersales.demo.rows import Row
from aftersales.demo.settling import Settling
from aftersales.kernel.context import Source
from aftersales.kernel.failures import MAILBOX_FULL, and_next, kept
from aftersales.kernel.masking import mask_email
from aftersales.kernel.refs import in_each_language
from tickets.mail.classify import classify_mail
from tickets.mail.parse import parse_mail
from tickets.models import OutboundMail, RawIntake
from tickets.services.intake.feedback_rows import TWIN
from tickets.services.intake.mail import KINDS, MOST_RECIPIENTS, doubt_about
from tickets.services.intake.spelling import twin_id
from tickets.services.outbox import NOW_A_PERSON

MINUTE: Final = timedelta(minutes=1)
CROWD: Final = ", ".join(f"team{number}@example.org" for number in range(MOST_RECIPIENTS + 1))
# Minutes ago | sender | subject | text | further headers. What becomes of them is judged as of any
# mail: returned, automatic, for many, from nobody.
STRAYS: Final = (
    (171, "noreply@bank.example.net", "Automatic reply: Thank you for your message",
     "This mailbox is not read.", ""),
    (148, "mailer-daemon@mail.example.com", "Undelivered Mail Returned to Sender",
     "The following message could not be delivered.", ""),
    (126, "news@deals.example.org", "双十二大促！全场低至三折", "点击查看优惠",
     "Precedence: bulk\r\n"),
    (97, "liu.m@post.example.net", "", "", ""),
    (83, "office@partner.example.net", "Automatic reply: Out of office",
     "I am away until Monday.", ""),
    (61, "m.osei@example.org", "Complaint about your courier", "Please call me back.",
     f"Cc: {CROWD}\r\n"),
    (38, "no-reply@lucky.example.org", "请确认您的邮箱地址", "点击链接完成确认", ""),
    (17, "", "（无主题）", "东西坏了怎么办，没人理我", ""),
)  # fmt: skip


def stray_mails(pen: Chronicle, ground: Ground, today: datetime, past: list[Settling]) -> None:
    """Add the strays, two other mails under known ids, a mail parked after its last attempt."""
    taken = [
        row
        for row in pen.batch[RawIntake].rows
        if row["outcome"] == "ticket" and row["channel"] == "mail"
    ]
    for minutes, sender, subject, text, headers in STRAYS:
        at = today - minutes * MINUTE
        key = f"{pen.rng.getrandbits(64):016x}"
        content = headers.encode() + raw_bytes("mail", "", sender, subject, text, key, at)
        outcome, why = judged(content)
        new = {"outcome": outcome, "reason": why, "sender": sender, "subject": subject}
        add_raw(pen, ground, at, content, {"external_id": f"<{key}@example.com>", **new})
    for place, original in enumerate(taken[-2:]):
        at = today - (9 - 4 * place) * MINUTE
        add_twin(pen, ground, at, original)
    resolved = [case for case in past if case.ticket["status"] == "resolved"]
    if resolved:
        park_mail(pen, resolved[-1], today)


def add_twin(pen: Chronicle, ground: Ground, at: datetime, original: Row) -> None:
    """Other words under the id of a mail that came before: the door asks a person."""
    known, sender, subject = original["external_id"], original["sender"], original["subject"]
    content = raw_bytes("mail", "", sender, subject, "…", known.strip("<>").partition("@")[0], at)
    twin = {
        "external_id": twin_id(known, keep(content)),
        "sender": sender,
        "subject": subject,
        "outcome": "quarantined",
        "reason": in_each_language(TWIN.__str__),
        "duplicate_of_id": original["id"],
    }
    add_raw(pen, ground, at, content, twin)


def judged(content: bytes) -> tuple[str, str]:
    """Outcome and reason, as the door would find and keep them."""
    mail = parse_mail(content)
    found = classify_mail(mail, set())
    if found.kind in KINDS:
        return "ignored", f"{in_each_language(KINDS[found.kind].__str__)} {found.reason}"
    return "quarantined", in_each_language(doubt_about(mail).__str__)


def add_raw(
    pen: Chronicle, ground: Ground, at: datetime, content: bytes, values: dict[str, Any]
) -> Row:
    signature = by(ground.system, Source.MAIL, at)
    told = {"channel": "mail", "digest": keep(content), "size": len(content)}
    raw = pen.add(RawIntake, told | values | {"received_at": at, "handled_at": at}, signature)
    pen.event(
        "tickets.intake_decided",
        (RawIntake, raw, f"{raw['channel']} {raw['external_id']}"),
        signature,
        data={"outcome": raw["outcome"]},
        note=raw["reason"],
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
    said = "SMTPRecipientsRefused: 452 4.2.2 mailbox full"
    error = kept(in_each_language(MAILBOX_FULL.__str__), said, most=500)
    pen.change(OutboundMail, mail, {"status": "parked", "attempts": 6, "last_error": error}, worker)
    told = in_each_language(lambda: and_next(MAILBOX_FULL, NOW_A_PERSON))
    subject = (OutboundMail, mail, f"{case.number} → {mask_email(mail['to_address'])}")
    data = {"error": error}
    pen.event("tickets.mail_parked", subject, worker, case=case.ticket, note=told, data=data)
