"""What the staff app itself tells: the daily digest and the trial of a chat group."""

from django.utils.translation import gettext_lazy as _

from staff import digests, notice_types
from staff.digests import DigestLine
from staff.notice_types import NoticeType
from staff.queries import held_back_count

NOTICES = (
    NoticeType("staff.digest", _("Your department on %(day)s"), body=digests.words),
    NoticeType(
        "staff.chat_tried",
        _("Notices of the after-sales desk arrive here"),
        _("%(by)s tried out the chat group %(target)s."),
    ),
)
DIGEST = (
    DigestLine("held_back", _("Notices held back by quiet hours"), held_back_count, position=900),
)


def register() -> None:
    notice_types.register(NOTICES)
    digests.register(DIGEST)
