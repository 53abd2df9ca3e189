import csv
from collections import Counter

import pytest

from tests.tickets.mails import DATA, mail, mixed, part, qq_reply, word
from tickets.mail.classify import Classification, MailClass, classify_mail
from tickets.mail.parse import parse_mail

OWN = ["desk@shop.example"]
EXPECTED = {
    "bounce": MailClass.BOUNCE,
    "auto_reply": MailClass.AUTO_REPLY,
    "feedback_report": MailClass.FEEDBACK_REPORT,
    "mdn": MailClass.READ_RECEIPT,
}


def classify(raw: bytes) -> Classification:
    return classify_mail(parse_mail(raw), OWN)


def test_customer_reply_is_normal() -> None:
    assert classify(qq_reply()).kind == MailClass.NORMAL


@pytest.mark.parametrize(
    "subject",
    [
        "自动回复功能坏了",
        "Auto answer on my headset fails",
        "Vacation set arrived broken",
        "外出旅游时手机坏了",
        "Delivery failed, my parcel is lost",
        "发送失败",
        "回复：已读不回怎么办",
        "Undelivered order",
    ],
)
def test_customers_words_are_not_a_machine(subject: str) -> None:
    raw = mail(b"My package was not delivered, returned to sender.", Subject=subject)

    assert classify(raw).kind == MailClass.NORMAL


@pytest.mark.parametrize(
    "subject",
    [
        "自动回复：您的工单 T-000123",
        "自动回复: Re: 订单",
        "回复：自动回复",
        "自動回覆：出差中",
        "自动答复: 请假",
        "休假中",
        "Automatic reply: order",
        "Auto-Reply: order",
        "Out of office: order",
        "Auto: Re: order",
    ],
)
def test_automatic_subjects(subject: str) -> None:
    found = classify(mail(Subject=word(subject)))

    assert found == Classification(MailClass.AUTO_REPLY, "Subject: automatic reply")


@pytest.mark.parametrize(
    ("header", "value", "kind", "reason"),
    [
        ("Auto_Submitted", "auto-replied (vacation)", "auto_reply", "Auto-Submitted: auto-replied"),
        ("Auto_Submitted", "auto-generated", "auto_reply", "Auto-Submitted: auto-generated"),
        ("Auto_Submitted", "no", "normal", "no sign of a machine"),
        ("Precedence", "auto_reply", "auto_reply", "Precedence: auto_reply"),
        ("Precedence", "bulk", "bulk", "Precedence: bulk"),
        ("Precedence", "first-class", "normal", "no sign of a machine"),
        ("X_Autoreply", "yes", "auto_reply", "X-Autoreply: present"),
        ("X_Auto_Response_Suppress", "All", "auto_reply", "X-Auto-Response-Suppress: set"),
        ("X_Auto_Response_Suppress", "RN, NRN", "normal", "no sign of a machine"),
        ("List_Unsubscribe", "<https://x.example>", "bulk", "List-Unsubscribe: present"),
        ("Return_Path", "<>", "auto_reply", "Return-Path: <>"),
        ("X_Failed_Recipients", "a@b.example", "bounce", "X-Failed-Recipients: present"),
        ("X_Desk_Loop", "1", "own_loop", "X-Desk-Loop: present"),
        ("X_Loop", "desk@shop.example", "own_loop", "X-Loop: own address"),
        ("X_Loop", "other@x.example", "bulk", "X-Loop: present"),
        ("From", "Desk <Desk@Shop.example>", "own_loop", "From: own address"),
        ("Sender", "desk@shop.example", "own_loop", "Sender: own address"),
        ("From", "MAILER-DAEMON@mx.example", "bounce", "From: mail system"),
        ("From", "PostMaster@qq.com", "bounce", "From: mail system"),
    ],
)
def test_headers_decide(header: str, value: str, kind: str, reason: str) -> None:
    assert classify(mail(**{header: value})) == Classification(MailClass(kind), reason)


def test_qq_bounce_without_report_type() -> None:
    raw = mail(
        "您的邮件被退回，无法送达".encode("gb18030"),
        From=f"{word('系统管理员')} <noreply@qq.com>",
        Subject=word("系统退信"),
        Content_Type="text/plain; charset=gb18030",
    )

    assert classify(raw).kind == MailClass.BOUNCE


def test_vacation_with_null_path_is_not_a_bounce() -> None:
    raw = mail(Return_Path="<>", Subject="Automatic reply: mail delivery failed")

    assert classify(raw).kind == MailClass.AUTO_REPLY


@pytest.mark.parametrize(
    ("part_type", "kind"),
    [
        ("message/delivery-status", MailClass.BOUNCE),
        ("message/disposition-notification", MailClass.READ_RECEIPT),
        ("message/feedback-report", MailClass.FEEDBACK_REPORT),
    ],
)
def test_report_parts_decide_unless_inside_a_forwarded_mail(
    part_type: str, kind: MailClass
) -> None:
    report = mixed(part(b"see"), part(b"Field: value", part_type))
    forwarded = mixed(part(b"what is this?"), part(report, "message/rfc822"), boundary="outer")

    assert classify(report).kind == kind
    assert classify(forwarded).kind == MailClass.NORMAL


def test_collected_mails_are_classified_as_their_sources_say() -> None:
    if not (DATA / "manifest.csv").is_file():
        pytest.skip("the mail collection is not beside the repository")
    with (DATA / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        kind = classify((DATA / "eml" / row["file"]).read_bytes()).kind
        group = row["kind"] if row["kind_basis"] == "source" else f"{row['kind']} by header"
        found[group, kind.value] += 1
    report = "\n".join(
        f"{group} -> {kind}: {count}" for (group, kind), count in sorted(found.items())
    )
    right = sum(found[group, kind.value] for group, kind in EXPECTED.items())
    total = sum(count for (group, _), count in found.items() if group in EXPECTED)
    normal = sum(count for (group, _), count in found.items() if group == "normal by header")

    assert total == 407
    assert right / total >= 0.98, report
    assert found["bounce_odd", "bounce"] == 27, report
    assert found["normal by header", "normal"] / normal >= 0.99, report
