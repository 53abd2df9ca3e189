"""Failures of others, in words that name no class."""

from __future__ import annotations

from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused
from urllib.error import URLError

import pytest

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.failures import and_next, in_words, technical

FULL = {"a@b.cn": (452, b"4.2.2 mailbox full")}
UNKNOWN = {"a@b.cn": (550, b"5.1.1 no such user")}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError("timed out"), "The other side did not answer in time."),
        (URLError(TimeoutError("timed out")), "The other side did not answer in time."),
        (ConnectionRefusedError(111, "refused"), "The other side could not be reached."),
        (URLError("no host given"), "The other side could not be reached."),
        (SMTPAuthenticationError(535, b"no"), "The mail server does not accept our login."),
        (SMTPRecipientsRefused(FULL), "The recipient's mailbox is full."),
        (
            SMTPRecipientsRefused(UNKNOWN),
            "The mail server does not accept the recipient's address.",
        ),
        (SMTPDataError(554, b"spam"), "The mail server did not take the mail."),
        (RuleViolated("odd", "It is odd."), "It is odd."),
        (KeyError("x"), "An error on our side; administrators find it in the records."),
    ],
)
def test_a_failure_is_said_in_words(error: Exception, words: str) -> None:
    assert str(in_words(error)) == words


def test_the_name_stays_for_those_who_run_the_desk() -> None:
    assert technical(TimeoutError("timed out")) == "TimeoutError: timed out"
    assert and_next("It is full.", "Write again.") == "It is full. Write again."
