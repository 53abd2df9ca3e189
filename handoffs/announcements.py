"""What a leg tells colleagues."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from staff import notice_types
from staff.notice_types import NoticeType

NOTICES = (
    NoticeType(
        "handoffs.asked",
        _("%(leg)s: %(department)s asks your department"),
        _("About %(case)s."),
        is_for_chat=True,
    ),
    NoticeType(
        "handoffs.informed",
        _("%(leg)s: %(department)s asked another department"),
        _("You are to be informed about %(case)s."),
    ),
    NoticeType("handoffs.answered", _("%(leg)s was answered"), _("By %(by)s, about %(case)s.")),
    NoticeType(
        "handoffs.returned",
        _("%(leg)s: more information is needed"),
        _("%(by)s asks back about %(case)s."),
    ),
    NoticeType("handoffs.declined", _("%(leg)s was declined"), _("By %(by)s, about %(case)s.")),
)


def register() -> None:
    notice_types.register(NOTICES)
