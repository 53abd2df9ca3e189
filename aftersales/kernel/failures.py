"""What went wrong outside of us: in words for people who work on cases, and as it was for those who
run the desk."""

from __future__ import annotations

from http.client import HTTPException
from smtplib import SMTPAuthenticationError, SMTPException, SMTPRecipientsRefused
from urllib.error import URLError

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import DomainError, Text
from aftersales.kernel.masking import mask_contacts

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
