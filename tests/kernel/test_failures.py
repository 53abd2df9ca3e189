"""Failures of others, in words that name no class."""

from __future__ import annotations

from pathlib import Path
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused
from urllib.error import URLError

import pytest

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.failures import (
    and_next,
    behind,
    file_in_words,
    in_words,
    kept,
    technical,
    told_in_full,
    told_to,
)
from aftersales.kernel.refs import for_reader
from staff.models import User
from staff.roles import Role
from tests.kept import failed
from tests.kept import kept as refs_kept

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


def test_words_and_what_the_program_said_are_kept_in_one_text() -> None:
    both = failed("已满。 / It is full.", "OSError: 452")
    stored = kept(refs_kept("已满。 / It is full."), "OSError: 452", most=500)

    assert (stored, for_reader(stored), behind(stored)) == (both, "It is full.", "OSError: 452")
    assert kept("It is full.", "", most=500) == "It is full."
    assert [behind(text) for text in ("", "It is full.", refs_kept("满 / Full"))] == ["", "", ""]


@pytest.mark.parametrize("most", [5, 11, 12, 13, 14, 15, 16, 20, 24, 30])
def test_a_long_failure_is_cut_and_its_words_stay_readable(most: int) -> None:
    stored = kept("It is full.", "OSError: 452", most=most)

    assert len(stored) <= most
    assert for_reader(f"{stored}") == "It is full."[:most]
    assert "OSError: 452".startswith(behind(stored))


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_runs_the_desk_is_told_what_the_program_said(role: Role) -> None:
    stored = failed("已满。 / It is full.", "OSError: 452")
    user = User(roles=[role])
    told = {"error": stored, "n": 1, "all": [refs_kept("满 / Full"), None]}

    said = "OSError: 452" if role == Role.ADMINISTRATOR else "It is full."
    assert told_to(user, told) == {"error": said, "n": 1, "all": ["Full", None]}
    in_full = "It is full. (OSError: 452)" if role == Role.ADMINISTRATOR else "It is full."
    assert told_in_full(user, stored) == in_full


def test_a_file_that_cannot_be_read_is_named() -> None:
    gone, shut = FileNotFoundError(2, "No", "a.csv"), PermissionError(13, "No", "b.csv")
    words = [file_in_words(error, Path("c.csv")) for error in (gone, shut, OSError("odd"))]

    assert words == ["a.csv is not there.", "b.csv cannot be opened.", "c.csv cannot be opened."]
