"""Abuse cases 78, 85 and 86 of reference/reliability.md section 9: notices, logs, patterns."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from aftersales.kernel.clock import now
from aftersales.logs import IndentedFormatter
from returns.models import GatewayNotice
from returns.money_statuses import RefundStatus
from tests.factories.money import make_refund_in
from tests.factories.people import make_user
from tests.returns.money.test_abuse_gateway import post_notice
from tests.tickets.mails import mail
from tickets.mail.classify import classify_mail
from tickets.mail.parse import parse_mail
from tickets.mail.reply import split_reply
from tickets.search import tsquery

pytestmark = pytest.mark.django_db
FORGED = "2026-01-01 00:00:00,000 CRITICAL django: all is well"


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What the desk's own handler writes."""
    console = next(
        one for one in logging.getLogger().handlers if isinstance(one.formatter, IndentedFormatter)
    )
    assert isinstance(console, logging.StreamHandler)
    before = console.setStream(out := StringIO())
    yield out
    console.setStream(before)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
def test_abuse_85_words_of_strangers_begin_no_record_of_the_log(
    written: StringIO, settings: Any, end: str
) -> None:
    settings.AXES_ENABLED = True
    evil = f"bob{end}{FORGED}\x1b[2J\u202e"
    client = Client(raise_request_exception=False)

    client.post("/admin/login/", {"username": evil, "password": "x"})
    client.post(
        "/api/v1/auth/token/", {"username": evil, "password": "x"}, content_type="application/json"
    )
    client.get(f"/nothing{evil}/")
    client.get("/admin/", headers={"host": evil})
    client.post("/contact/", {"body": evil}, headers={"referer": evil, "origin": evil})
    logging.getLogger("desk").warning("refused: %s", evil)
    try:
        with transaction.atomic():
            make_user(username=evil)
            make_user(username=evil)
    except IntegrityError:
        logging.getLogger("desk").exception("could not be stored")

    text = written.getvalue()
    assert "could not be stored" in text
    assert not [line for line in text.splitlines() if line.startswith(FORGED[:10])]
    assert not set(text) & set("\x1b\u202e\r\x0b\x85\u2028")


BOMBS = {
    "quoted words": "=?utf-8?q?" + "_" * 300_000,
    "blanks": "a" + " " * 300_000 + "b",
    "wrote": "On a wrote:\n" * 30_000,
    "quotes": "> " * 150_000,
    "rules": "-" * 300_000 + "!",
    "tags": "<a " * 100_000,
    "comments": "<!--" * 75_000,
    "entities": "&#" * 150_000,
    "addresses": "a@" * 150_000,
    "numbers": "1-" * 150_000,
    "labels": "From: a\n" * 40_000,
    "chinese": "中" * 100_000,
}


@pytest.mark.parametrize("kind", BOMBS)
def test_abuse_86_patterns_take_time_in_proportion_to_the_words(kind: str) -> None:
    """What grows with the square of the length would take minutes here, not seconds."""
    words = BOMBS[kind]
    line = words.replace("\n", " ")
    raws = [
        mail(words.encode()),
        mail(words.encode(), Content_Type="text/html; charset=utf-8"),
        mail(b"x", Subject=line, From=line, References=line, Content_Type=line, Date=line),
    ]
    began = time.process_time()

    for raw in raws:
        read = parse_mail(raw)
        classify_mail(read, ["desk@shop.example"])
    split_reply(words)
    tsquery(words)

    assert time.process_time() - began < 10


@pytest.mark.parametrize(("skew", "status"), [(-301, 401), (301, 401), (-290, 202), (290, 202)])
def test_abuse_78_notice_counts_near_its_time_and_once(
    settings: Any, skew: int, status: int
) -> None:
    refund = make_refund_in(RefundStatus.SENDING)
    body = {"number": refund.gateway_number, "code": "SUCCESS", "amount": "100.00"}
    at = now().timestamp() + skew

    first, again = (post_notice(body, settings.SANDBOX_GATEWAY_SECRET, at) for _ in range(2))

    assert (first.status_code, again.status_code) == (status, 200 if status == 202 else 401)
    assert GatewayNotice.objects.count() == (1 if status == 202 else 0)
    refund.refresh_from_db()
    assert refund.status == RefundStatus.SENDING
