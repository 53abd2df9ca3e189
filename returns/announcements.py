"""What goods and money tell colleagues."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from staff import notice_types
from staff.notice_types import NoticeType

SHARE_UNPAID = "returns.share_unpaid"
NOTICES = (
    NoticeType(
        SHARE_UNPAID,
        _("%(refund)s of %(return)s: the customer was not paid"),
        _("%(amount)s are still owed for %(case)s. Ask for them again on the page of the return."),
    ),
)


def register() -> None:
    notice_types.register(NOTICES)
