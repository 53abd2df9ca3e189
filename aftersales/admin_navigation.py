"""The menu, grouped by what people do. An item is shown to those whom its page lets in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.admin_theme import UNFOLD
from staff.queries import badges_key
from tickets.queries import home
from tickets.queries.counting import shown

BADGE_SECONDS = 30
MENU_SECONDS = 600
BADGE_CAP = 99


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu: the page of a model, or one view of it.

    ``query`` narrows the page and, among items of one page, decides which one is lit; ``badge``
    names a count of ``home.badges``; ``verb`` is what the visitor must be allowed to do there, and
    ``right`` what they need besides. ``name`` is that of an address that is none of the model's.
    """

    title: str | Promise
    icon: str
    model: str
    query: str = ""
    page: str = "changelist"
    verb: str = "view"
    badge: str = ""
    right: str = ""
    name: str = ""

    @property
    def address(self) -> str:
        return reverse(f"admin:{self.name or self.model.replace('.', '_') + '_' + self.page}")

    @property
    def is_narrow(self) -> bool:
        """A part of the model's page, or a page of its own below it."""
        return bool(self.query or self.name)


QUEUE = "tickets.ticket"
GROUPS: tuple[tuple[str | Promise, tuple[Item, ...]], ...] = (
    (
        _("Work"),
        (
            Item(_("My cases"), "assignment_ind", QUEUE, "view=mine", verb="add", badge="mine"),
            Item(_("Queue"), "inbox", QUEUE, "view=due"),
            Item(_("New case"), "add_call", QUEUE, page="add", verb="add"),
            Item(_("Departments"), "swap_horiz", "handoffs.handoff"),
            Item(_("Promises"), "timer", "clocks.clock"),
            Item(_("Follow-ups"), "event_upcoming", "tickets.followup", badge="follow_ups"),
            Item(_("Incoming"), "mark_email_unread", "tickets.rawintake", badge="quarantine"),
            Item(_("Outgoing mail"), "outgoing_mail", "tickets.outboundmail", badge="stuck"),
            Item(_("Examples"), "school", "handoffs.caseexample"),
        ),
    ),
    (
        _("Customers and orders"),
        (
            Item(_("Customers"), "person", "customers.customer"),
            Item(_("Orders"), "receipt_long", "customers.order"),
            Item(_("Ratings"), "star", "tickets.csatresponse"),
        ),
    ),
    (
        _("Goods"),
        (
            Item(
                _("Returns to decide"),
                "rule",
                "returns.returnauthorization",
                "status__exact=needs_review",
            ),
            Item(_("Returns"), "assignment_return", "returns.returnauthorization"),
            Item(
                _("Bench"),
                "barcode_scanner",
                "returns.returnauthorization",
                name="returns_bench",
                right="returns.receive_returnauthorization",
            ),
            Item(_("Inspections"), "frame_inspect", "returns.inspection"),
            Item(_("Repairs"), "build", "returns.repair"),
            Item(_("Orders to the shop"), "outbox", "returns.shopinstruction"),
            Item(_("What was owed"), "request_quote", "returns.reimbursement"),
            Item(_("Compensations given"), "redeem", "returns.compensationgrant"),
            Item(
                _("Cost of compensations"),
                "query_stats",
                "returns.compensationgrant",
                name="returns_compensation_costs",
                right="returns.view_compensation",
            ),
        ),
    ),
    (
        _("Money"),
        (
            Item(_("Approvals"), "approval", "returns.approvalrequest"),
            Item(_("Refunds"), "payments", "returns.refund"),
            Item(_("Needs a look"), "policy_alert", "returns.guardhold"),
            Item(_("Differences"), "difference", "returns.reconciliationitem"),
            Item(_("Statements"), "receipt", "returns.statement"),
            Item(_("Ledger"), "menu_book", "returns.ledgerentry"),
            Item(_("Store credit"), "redeem", "returns.storecredit"),
        ),
    ),
    (
        _("Audit"),
        (
            Item(_("Changes"), "history", "compliance.journalentry"),
            Item(_("Events"), "timeline", "compliance.auditevent"),
            Item(_("Personal data shown"), "visibility", "compliance.disclosure"),
            Item(pgettext_lazy("audit", "Findings"), "flag", "compliance.finding"),
            Item(_("Proposals"), "handshake", "tickets.proposal"),
            Item(_("Investigations"), "search_insights", "tickets.investigation"),
            Item(_("Sign-ins"), "login", "axes.accesslog"),
            Item(_("Failed sign-ins"), "no_accounts", "axes.accessfailurelog"),
            Item(_("Notices sent"), "outgoing_mail", "staff.noticedelivery"),
            Item(_("Background jobs"), "monitor_heart", "compliance.heartbeat"),
        ),
    ),
    (
        _("Settings"),
        (
            Item(_("Rules of time"), "rule", "clocks.clockrule"),
            Item(_("Saved views"), "bookmarks", "tickets.savedview"),
            Item(_("Saved replies"), "quickreply", "tickets.savedreply"),
            Item(_("Macros"), "bolt", "tickets.macro"),
            Item(_("Categories"), "account_tree", "tickets.category"),
            Item(_("Tags"), "sell", "tickets.tag"),
            Item(_("Hand-over templates"), "assignment_returned", "handoffs.handofftemplate"),
            Item(_("Responsibilities"), "grid_on", "handoffs.responsibilityrule"),
            Item(_("Calendars"), "calendar_month", "clocks.calendar"),
            Item(_("People"), "group", "staff.user"),
            Item(_("Absences"), "event_busy", "staff.absence"),
            Item(_("Delegations"), "swap_horiz", "staff.delegation"),
            Item(_("Approval tiers"), "rule", "returns.approvaltier"),
            Item(_("Departments"), "corporate_fare", "staff.department"),
            Item(_("Teams"), "groups", "staff.team"),
            Item(_("Chat groups"), "forum", "staff.chattarget"),
            Item(_("Shops"), "storefront", "customers.shop"),
            Item(_("Return policies"), "policy", "returns.returnpolicy"),
            Item(_("Return addresses"), "warehouse", "returns.returnaddress"),
            Item(_("Compensation catalogue"), "card_giftcard", "returns.compensation"),
        ),
    ),
)
RED_BADGES = ("quarantine", "stuck")


def menu(site: AdminSite, request: HttpRequest) -> SafeString:
    """The menu as HTML, rendered once for all who see the same lines, counts and lit line."""
    seen = (
        sorted(getattr(request.user, "roles", ())),
        request.user.is_active,
        get_language(),
        _place(request),
        settings.DEMO,
        [count for name, count in sorted(badges(request).items()) if name != "unread"],
    )
    key = f"menu:{sha256(repr(seen).encode()).hexdigest()}"
    html: SafeString | None = cache.get(key)
    if html is None:
        context = {
            "groups": sidebar(site, request),
            "home_url": reverse("admin:index"),
            "site_header": UNFOLD["SITE_HEADER"],
            "site_symbol": UNFOLD["SITE_SYMBOL"],
        }
        html = render_to_string("admin/_menu.html", context)
        cache.set(key, html, MENU_SECONDS)
    return html


def _place(request: HttpRequest) -> tuple[object, ...]:
    """What decides which line is lit: the model, and whether a narrower line of it fits."""
    lines = (item for _title, items in GROUPS for item in items)
    narrow = (item for item in lines if item.is_narrow or item.model == QUEUE)
    return ("/".join(request.path.split("/")[:4]), [_is_lit(item, request) for item in narrow])


def sidebar(site: AdminSite, request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of lines for this person on this page; groups without an item are left out."""
    counts = badges(request)
    index = reverse("admin:index")
    first = _line(_("Home"), "home", index, lit=request.path == index)
    groups = [
        {"title": title, "items": [_shown(item, request, counts) for item in items]}
        for title, items in ((t, list(_allowed(site, i, request))) for t, i in GROUPS)
        if items
    ]
    box = reverse("demo_mailbox")
    mails = _line(_("Customers' mailbox"), "drafts", box, lit=request.path.startswith(box))
    top = [first, mails] if settings.DEMO else [first]
    return [{"title": "", "items": top}, *groups]


def _allowed(site: AdminSite, items: tuple[Item, ...], request: HttpRequest) -> Iterator[Item]:
    for item in items:
        page = site._registry.get(apps.get_model(item.model))
        if page is None:
            continue
        may = {"view": page.has_view_or_change_permission, "add": page.has_add_permission}
        if may[item.verb](request) and (not item.right or request.user.has_perm(item.right)):
            yield item


def _shown(item: Item, request: HttpRequest, counts: Mapping[str, int]) -> dict[str, Any]:
    address = item.address
    count = counts.get(item.badge, 0)
    return _line(
        item.title,
        item.icon,
        f"{address}?{item.query}" if item.query else address,
        lit=_is_lit(item, request),
        badge=shown(count, BADGE_CAP) if count else "",
        variant="red" if item.badge in RED_BADGES else "",
    )


def _line(
    title: str | Promise, icon: str, link: str, *, lit: bool, badge: str = "", variant: str = ""
) -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "link": link,
        "active": lit,
        "has_permission": True,
        "badge": badge,
        "badge_variant": variant,
    }


def _is_lit(item: Item, request: HttpRequest) -> bool:
    """At most one line of a model: its narrowest one that fits where the visitor is."""
    if item.model == QUEUE:
        return _is_queue_lit(item, request)
    if not request.path.startswith(item.address):
        return False
    if item.is_narrow:
        asked = parse_qsl(item.query)
        is_there = request.path == item.address or not asked
        return is_there and all(request.GET.get(name) == value for name, value in asked)
    siblings = (one for _title, items in GROUPS for one in items if one.model == item.model)
    return not any(_is_lit(one, request) for one in siblings if one.is_narrow)


def _is_queue_lit(item: Item, request: HttpRequest) -> bool:
    """Cases have three lines: an exact page, my view, and everything else."""
    if item.page == "add":
        return request.path == item.address
    new = reverse("admin:tickets_ticket_add")
    if not request.path.startswith(item.address) or request.path == new:
        return False
    return (request.GET.get("view") == "mine") == (item.query == "view=mine")


def badges(request: HttpRequest) -> dict[str, int]:
    """What waits for this person; one statement, remembered for half a minute."""
    key = badges_key(request.user.pk)  # type: ignore[arg-type]
    counts: dict[str, int] | None = cache.get(key)
    if counts is None:
        counts = home.badges(request.user, BADGE_CAP)  # type: ignore[arg-type]
        cache.set(key, counts, BADGE_SECONDS)
    return counts
