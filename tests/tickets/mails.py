"""Raw mails as the clients of our customers write them, for the mail tests."""

from __future__ import annotations

import dataclasses
from base64 import b64encode
from datetime import UTC
from pathlib import Path

from tickets.mail.parse import ParsedMail, parse_mail

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "mail"


def word(text: str, charset: str = "gb18030") -> str:
    """An encoded word as QQ Mail writes it."""
    return f"=?{charset}?B?{b64encode(text.encode(charset)).decode()}?="


def mail(body: bytes = b"hello", **headers: str | bytes) -> bytes:
    """A mail with the headers given (underscores are hyphens) over sensible defaults.

    A header given as '' is left out.
    """
    fields: dict[str, str | bytes] = {
        "From": "Wang <wang@example.com>",
        "To": "desk@shop.example",
        "Subject": "hello",
        "Date": "Mon, 6 Jan 2025 10:00:00 +0800",
        "Message-ID": "<one@example.com>",
    }
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = [
        name.encode() + b": " + (value if isinstance(value, bytes) else value.encode("utf-8"))
        for name, value in fields.items()
        if value
    ]
    return b"\r\n".join([*lines, b"", body])


def multipart(*parts: bytes, kind: str = "mixed", boundary: str = "edge") -> tuple[str, bytes]:
    """Content type and body of a multipart; each part has its own headers."""
    fence = b"--" + boundary.encode()
    body = b"".join(fence + b"\r\n" + part + b"\r\n" for part in parts) + fence + b"--\r\n"
    return f'multipart/{kind}; boundary="{boundary}"', body


def part(content: bytes, kind: str = "text/plain", **headers: str | bytes) -> bytes:
    """One body part."""
    lines = [f"Content-Type: {kind}".encode()]
    for name, value in headers.items():
        raw = value if isinstance(value, bytes) else value.encode()
        lines.append(name.replace("_", "-").encode() + b": " + raw)
    return b"\r\n".join([*lines, b"", content])


def mixed(
    *parts: bytes, kind: str = "mixed", boundary: str = "edge", **headers: str | bytes
) -> bytes:
    """A whole multipart mail."""
    content_type, body = multipart(*parts, kind=kind, boundary=boundary)
    return mail(body, **{**headers, "Content_Type": content_type})


def qq_reply() -> bytes:
    """A reply from QQ Mail: quoted encoded words, base64 in gb18030, HTML beside it."""
    text = (
        "屏幕还是闪，能换一台吗？\n\n\n"
        "------------------ 原始邮件 ------------------\n"
        '发件人: "售后服务" <desk@shop.example>;\n发送时间: 2025年1月6日(星期一) 上午9:00\n'
        '收件人: "王小明" <12345@qq.com>;\n主题: 您的工单 T-000123\n\n您好，请描述问题。'
    )
    plain = part(
        b64encode(text.encode("gb18030")),
        'text/plain; charset="gb18030"',
        Content_Transfer_Encoding="base64",
    )
    rich = part(
        b64encode(f"<div>{text}</div>".encode("gb18030")),
        'text/html; charset="gb18030"',
        Content_Transfer_Encoding="base64",
    )
    return mixed(
        plain,
        rich,
        kind="alternative",
        From=f'"{word("王小明")}" <12345@QQ.com>',
        Subject=word("回复：您的工单 T-000123"),
        X_QQ_MIME="TCMime 1.0 by Tencent",
    )


def check(raw: bytes) -> ParsedMail:
    """Parse and assert what must hold for any bytes at all."""
    parsed = parse_mail(raw)
    assert not [defect for defect in parsed.defects if defect.startswith("failed:")]
    assert len(parsed.message_id) <= 250
    assert len(parsed.subject) <= 500
    assert len(parsed.text) <= 200_000
    assert len(parsed.to) <= 50
    assert len(parsed.cc) <= 50
    assert len(parsed.attachments) <= 1_000
    assert parsed.date is None or parsed.date.tzinfo is UTC
    strings = [getattr(parsed, field.name) for field in dataclasses.fields(parsed)]
    strings += [one.filename for one in parsed.attachments]
    strings += [value for _, value in parsed.headers]
    for value in strings:
        if isinstance(value, str):
            assert "\x00" not in value
            value.encode("utf-8")
    for one in parsed.attachments:
        assert one.filename
        assert not set(one.filename) & set("/\\\r\n\x00\u202e")
        assert len(one.filename) <= 150
    return parsed
