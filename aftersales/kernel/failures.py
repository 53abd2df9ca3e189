"""What went wrong outside of us: in words for people who work on cases, and as it was for those who
run the desk."""

from __future__ import annotations

from http.client import HTTPException
from pathlib import Path
from smtplib import SMTPAuthenticationError, SMTPException, SMTPRecipientsRefused
from typing import Any
from urllib.error import URLError

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import DomainError, Text
from aftersales.kernel.masking import mask_contacts
from aftersales.kernel.refs import ASIDE, ASIDE_ENDS, BEHIND, for_reader

SILENT = _("The other side did not answer in time.")
AWAY = _("The other side could not be reached.")
NO_LOGIN = _("The mail server does not accept our login.")
MAILBOX_FULL = _("The recipient's mailbox is full.")
ADDRESS_REFUSED = _("The mail server does not accept the recipient's address.")
MAIL_REFUSED = _("The mail server did not take the mail.")
OURS = _("An error on our side; administrators find it in the records.")


def and_next(what: Text, then: Text) -> str:
    """What happened and what happens next, as two sentences of the active language."""
    return gettext("%(what)s %(then)s") % {"what": what, "then": then}


def technical(error: Exception) -> str:
    """Name and text, for those who run the desk; hosts quote addresses, which are masked."""
    return mask_contacts(f"{type(error).__name__}: {error}")


def kept(words: str, error: str, *, most: int) -> str:
    """Words, with what the program said behind them: ``for_reader`` shows the words alone,
    ``behind`` the rest. No longer than ``most``."""
    if not error:
        return words[:most]
    left = most - len(words) - len(ASIDE) - len(ASIDE_ENDS)
    return f"{words}{ASIDE}{error[:left]}{ASIDE_ENDS}" if left > 0 else words[:most]


def behind(text: str) -> str:
    """What a program said of a failure, out of ``kept``; '' where there is nothing."""
    found = BEHIND.search(text)
    return found[1] if found else ""


def told_to(user: Any, value: Any) -> Any:
    """What an event or an evidence says, in the reader's language; who runs the desk is told of a
    failure as the program was."""
    match value:
        case str():
            return (behind(value) if reads_technical(user) else "") or for_reader(value)
        case dict():
            return {key: told_to(user, one) for key, one in value.items()}
        case list():
            return [told_to(user, one) for one in value]
        case _:
            return value


def told_in_full(user: Any, text: str) -> str:
    """A failure in words; to those who run the desk with what the program said."""
    words, error = for_reader(text), behind(text) if reads_technical(user) else ""
    return f"{words} ({error})" if error else words


def reads_technical(user: Any) -> bool:
    """Those who run the desk: everybody else reads failures in words."""
    return bool(user.has_perm("compliance.view_technical"))


def in_words(error: Exception) -> Text:
    """What happened, without names of classes; a refusal of ours speaks for itself."""
    match error:
        case DomainError():
            return error.message
        case SMTPRecipientsRefused():
            is_full = any(b".2.2" in bytes(said) for _code, said in error.recipients.values())
            return MAILBOX_FULL if is_full else ADDRESS_REFUSED
        case SMTPAuthenticationError():
            return NO_LOGIN
        case SMTPException():
            return MAIL_REFUSED
        case URLError() if isinstance(error.reason, Exception):
            return in_words(error.reason)
        case TimeoutError():
            return SILENT
        case OSError() | HTTPException():
            return AWAY
        case _:
            return OURS


def file_in_words(error: OSError, path: Path) -> str:
    """Why a file given on the command line could not be read or written."""
    name = {"file": error.filename or path}
    if isinstance(error, FileNotFoundError):
        return gettext("%(file)s is not there.") % name
    return gettext("%(file)s cannot be opened.") % name
