"""Money on the home page of leads and finance: reserved, owed, waiting for approval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.admin_cards import Line, Section
from aftersales.kernel.money import written
from returns.money_statuses import RESERVING
from returns.queries.under_way import (
    DAY,
    PROMISED,
    UnderWay,
    Waiting,
    open_money,
)
from staff.models import User
from staff.roles import Role
from tickets.queries.counting import shown


def money_sections(user: User, moment: datetime) -> Iterator[Section]:
    """Two cards for who decides or pays; nobody sees more than the refunds they may see."""
    if not user.has_role(Role.LEAD, Role.FINANCE):
        return
    money = open_money(user, moment)
    yield Section(
        _("Money under way"),
        "account_balance_wallet",
        "lines",
        list(_under_way(money.currencies)),
        _("No refund is under way."),
        reverse("admin:returns_refund_changelist"),
    )
    inbox = reverse("admin:returns_approvalrequest_changelist")
    is_waited_for = any(one.count for one in money.waiting)
    yield Section(
        _("Approvals by age"),
        "hourglass_top",
        "lines",
        [_age(one, inbox) for one in money.waiting] if is_waited_for else [],
        _("Nothing waits for approval."),
        inbox,
    )


def _under_way(found: Iterable[UnderWay]) -> Iterator[Line]:
    for money in found:
        if money.reserved_count:
            yield Line(
                _refunds(RESERVING, money.currency),
                _("Reserved for refunds"),
                _count(money.reserved_count),
                written(money.reserved, money.currency),
            )
        if money.owed_count:
            yield Line(
                _refunds(PROMISED, money.currency),
                _("Approved or owed, not paid yet"),
                _count(money.owed_count),
                written(money.owed, money.currency),
                "amber",
            )


def _refunds(statuses: Iterable[str], currency: str) -> str:
    """The list of refunds narrowed to these."""
    page = reverse("admin:returns_refund_changelist")
    return f"{page}?status__in={','.join(map(str, statuses))}&currency__exact={currency}"


def _count(number: int) -> str:
    return ngettext("%(count)s refund", "%(count)s refunds", number) % {"count": number}


def _age(waiting: Waiting, inbox: str) -> Line:
    """An age with its count; it opens at the oldest."""
    titles = {
        timedelta(): _("Up to 24 hours"),
        DAY: _("24 to 72 hours"),
        3 * DAY: _("Older than 72 hours"),
    }
    tones = {timedelta(): "", DAY: "amber", 3 * DAY: "red"}
    return Line(
        f"{inbox}?refund={waiting.oldest}" if waiting.oldest else inbox,
        titles[waiting.least],
        _("Opens the oldest") if waiting.oldest else _("None"),
        shown(waiting.count),
        tones[waiting.least] if waiting.count else "",
    )
