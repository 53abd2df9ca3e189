"""Hostile and mutilated mails: nothing breaks the parser, nothing keeps it busy."""

from __future__ import annotations

from base64 import b64encode
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tickets.mails import DATA, check, mail, mixed, part, qq_reply
from tickets.mail.reply import split_reply

ZIP = b64encode(b"zip bytes")

SEEDS = (
    qq_reply(),
    mail("订单".encode("gbk"), Subject="退款".encode("gbk")),
    mixed(
        part(b"a"), part(ZIP, "application/zip", Content_Disposition="attachment; filename*0*=a")
    ),
    mixed(part(b"failed"), part(mail(), "message/rfc822"), kind="report"),
    mail(b"<p>hi<blockquote>", Content_Type="text/html; charset=utf-7"),
    mail(b"a =\r\n=C4=E3", Content_Transfer_Encoding="quoted-printable", Content_Type="text/plain"),
)
SPICES = (
    b"\r\n\r\n", b"\n", b"\x00", b"--edge", b"--edge--", b"=?gbk?B?", b"?=", b'"', b"<", b">", b"(",
    b"\xff\xfe", b"\xc4\xe3", b"charset=utf-16", b"charset=hz", b"charset=iso-2022-jp", b"%00",
    b"Content-Type: message/rfc822\r\n", b"base64", b"+2AA-", b";", b"filename*1=", b"<!--",
)  # fmt: skip


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """A real-looking mail with cuts, copies and hostile fragments in it."""
    raw = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(raw)))
        size = draw(st.integers(0, 60))
        spice = draw(st.sampled_from(SPICES) | st.binary(max_size=8))
        raw[at : at + (size if draw(st.booleans()) else 0)] = spice
    return bytes(raw)


def fuzz(raw: bytes) -> None:
    parsed = check(raw)
    assert "".join(split_reply(parsed.text)) == parsed.text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2_000))
def test_any_bytes_are_parsed(raw: bytes) -> None:
    fuzz(raw)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations())
def test_mutated_mails_are_parsed(raw: bytes) -> None:
    fuzz(raw)


@pytest.mark.long
@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations())
def test_ten_thousand_mutated_mails_are_parsed(raw: bytes) -> None:
    fuzz(raw)


def test_every_collected_mail_is_parsed() -> None:
    if not (DATA / "eml").is_dir():
        pytest.skip("the mail collection is not beside the repository")
    parsed = [check(path.read_bytes()) for path in sorted((DATA / "eml").iterdir())]

    assert len(parsed) == 869
    assert sum(bool(one.from_address) for one in parsed) >= 700
    assert sum(bool(one.text.strip()) for one in parsed) >= 780


@pytest.mark.parametrize(
    "raw",
    [
        mail(b"a \r\n" * 100_000, Content_Type="text/plain; format=flowed"),
        mail(b"<div><!--" * 50_000, Content_Type="text/html"),
        mail(b"<blockquote>a" * 50_000, Content_Type="text/html"),
        mail(b"--\n" * 200_000, Content_Type="multipart/mixed"),
        mail(From="(" * 60_000),
        mail(From="=?utf-8?q?a=40b.c?= " * 3_000),
        mail(Subject="=?a?b?" * 10_000),
        mail(Content_Type="text/plain" + "; a*0*=" * 9_000),
        b"From: a@b.example\n" + b"bad line\n" * 100_000,
        b"Content-Type: message/rfc822\n\n" * 30_000,
    ],
    ids=range(10),
)
def test_hostile_mails_take_seconds_at_most(raw: bytes) -> None:
    """Each is half a megabyte at most; quadratic work on it takes minutes."""
    started = perf_counter()
    split_reply(check(raw).text)

    assert perf_counter() - started < 5
