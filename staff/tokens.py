"""Keys of programs and people to the API. Only a hash is kept; the key itself is shown once."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from aftersales.kernel.context import is_system
from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.services import service
from compliance.services import record
from staff.models import User

SESSION = timedelta(hours=12)
LONGEST = timedelta(days=3650)


@service
def issue_token(
    user: User, *, actor: User, lasts: timedelta = SESSION, note: str = ""
) -> tuple[AuthToken, str]:
    """A new key for ``user``: the row and, this once, the key in the clear.

    Raises ``RuleViolated`` for somebody who was deactivated, and for a time out of range.
    """
    if not user.is_active or is_system(user):
        raise RuleViolated("inactive", _("This user is deactivated."), field="username")
    if not timedelta() < lasts <= LONGEST:
        raise RuleViolated("out_of_range", _("The time is out of range."), field="days")
    token, key = AuthToken.objects.create(user=user, expiry=lasts)
    record(
        "staff.token_issued",
        user,
        actor=actor,
        note=note,
        data={"token": token.token_key, "until": token.expiry.isoformat()},
    )
    return token, key


@service
def revoke_token(token: AuthToken, *, actor: User, note: str = "") -> None:
    """End one key."""
    record(
        "staff.token_revoked", token.user, actor=actor, note=note, data={"token": token.token_key}
    )
    token.delete()


def end_tokens(user: User) -> int:
    """Remove every key of a user who leaves; returns how many."""
    removed, _models = AuthToken.objects.filter(user=user).delete()
    return int(removed)
