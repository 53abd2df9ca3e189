"""The one vocabulary in which services refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import InterfaceError, OperationalError
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

Text = str | Promise


def lazily(say: Callable[[], str]) -> Text:
    """Words with blanks filled in, put into the language of whoever reads them, not of whoever
    raised them: ``%`` on a lazy text fills it at once."""
    words: Text = _lazily(say)
    return words


def _said(say: Callable[[], str]) -> str:
    return say()


_lazily = lazy(_said, str)

# The database is away or chose this transaction as a victim: it says nothing about what was asked.
TRANSIENT = (OperationalError, InterfaceError)


class DomainError(Exception):
    """A refusal a person can act on; ``message`` is translated when shown, ``code`` is stable."""

    status_code = 422
    default_code = "refused"

    def __init__(self, message: Text, *, code: str | None = None, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


NO_RIGHT = _("You do not have the right to do this.")


class NotPermitted(DomainError):
    """The actor may see the object but not do this to it (403)."""

    status_code = 403
    default_code = "not_permitted"

    def __init__(self, message: Text = NO_RIGHT) -> None:
        super().__init__(message)


class InvalidTransition(DomainError):
    """The object is no longer where this verb starts from (409); says what is allowed now."""

    status_code = 409
    default_code = "invalid_transition"

    def __init__(self, message: Text, *, allowed: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.allowed = tuple(allowed)


class RuleViolated(DomainError):
    """A rule of shop or law refuses; ``code`` names it, ``field`` the input at fault (422)."""

    def __init__(self, code: str, message: Text, *, field: str = "") -> None:
        super().__init__(message, code=code, field=field)


def require(allowed: bool, message: Text | None = None) -> None:
    """Raise ``NotPermitted`` unless a policy said yes."""
    if not allowed:
        raise NotPermitted(message) if message is not None else NotPermitted()


LEAST_REASON = 4
SAY_WHY = _("Say why (at least 4 characters).")


def is_reason(note: str) -> bool:
    """Whether it says something."""
    return len(note.strip()) >= LEAST_REASON


def require_reason(note: str, message: Text = SAY_WHY, *, field: str = "note") -> None:
    """Raise ``RuleViolated`` unless somebody said why."""
    if not is_reason(note):
        raise RuleViolated("reason_missing", message, field=field)
