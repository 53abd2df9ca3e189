"""One more of everything a list shows, made the way the product makes it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from axes.models import AccessFailureLog, AccessLog

from aftersales.kernel.clock import now
from compliance.models import Heartbeat
from customers.services.disclosing import disclose_customer
from handoffs.models import ResponsibilityRule
from returns.models import ApprovalTier, Compensation, Statement
from returns.services import compensating
from staff.models import Delegation
from tests.api.test_reading import fill
from tests.factories.calendars import make_calendar
from tests.factories.clocks import make_rule
from tests.factories.customers import make_order, make_shop
from tests.factories.handoffs import make_handoff, make_template
from tests.factories.money import make_refund_in
from tests.factories.notices import make_chat, tell
from tests.factories.people import make_department, make_user
from tests.factories.returns import make_address, make_policy, make_return_ticket
from tests.factories.staff import make_absence, make_team
from tests.factories.tickets import make_customer, make_ticket
from tests.lifecycles.cases import MAIL
from tests.lifecycles.cast import Cast
from tests.lifecycles.test_tables import TABLES
from tickets.models import Category, Macro, SavedReply, SavedView, Tag, Ticket
from tickets.services import handling, joining
from tickets.statuses import MailStatus

_serial = count(1)
# Tables whose row changes the world for others, or is one of a kind that others bring along.
SKIPPED = {
    "year",
    "promise",
    "compensation",
    "return",
    "return-with-goods",
    "acceptance-of-what-is-missing",
    "refund-by-hand",
    "leg-to-an-outsider",
    "leg-with-the-case",
}


def one_more(cast: Cast, viewer: Any, busy: Ticket) -> None:
    """One more row for every list, and one more of each thing on the busy case."""
    number = next(_serial)
    for table in TABLES:
        if table.name not in SKIPPED:
            table.make(table.enum(table.statuses[0]), cast)
    work(cast, viewer, number)
    people(cast, viewer, number)
    settings(number)
    money(cast, number)
    on_case(cast, busy)


def work(cast: Cast, viewer: Any, number: int) -> None:
    order = make_order()
    ticket = make_ticket(cast.lead, order=order, customer=order.customer)
    handling.assign(ticket.pk, actor=cast.lead, assignee=viewer)
    make_tag(f"tag-{number}")
    handling.change_details(ticket.pk, handling.Details(tags=["walked"]), actor=cast.lead)
    disclose_customer(make_customer(cast.agent).pk, actor=cast.agent, note="caller asks for it")
    MAIL.make(MailStatus.PARKED, cast)
    tell(viewer, case_id=ticket.pk, case_label=ticket.number)
    Heartbeat(name=f"duty-{number}", beat_at=now()).save()
    for log in (AccessLog, AccessFailureLog):
        log(username="li", ip_address="127.0.0.1", path_info="/admin/login/").save()


def money(cast: Cast, number: int) -> None:
    make_refund_in("succeeded", means="store_credit")
    compensating.grant_compensation(
        make_return_ticket(cast.lead).pk,
        f"gift-{number}",
        actor=cast.lead,
        amount="10",
        note="late delivery",
    )
    Statement(
        gateway="sandbox",
        file_name=f"bill-{number}.csv",
        digest=f"{number:064}",
        starts_at=now() - timedelta(days=1),
        ends_at=now(),
        imported_at=now(),
    ).save()
    ApprovalTier(
        level=number,
        name="Small",
        name_zh="小额",
        currency="SEK",
        amount_from=Decimal(number),
        role="lead",
    ).save()


def people(cast: Cast, viewer: Any, number: int) -> None:
    department = make_department(f"branch-{number}")
    person = make_user(department=department)
    make_team(department, code=f"team-{number}")
    make_absence(person, deputy=cast.agent)
    make_chat(f"ntfy://chat.example/{number}", department)
    Delegation(
        giver=cast.lead,
        delegate=person,
        starts_at=now(),
        ends_at=now() + timedelta(days=1),
        reason="Away",
    ).save()


def make_tag(slug: str) -> Tag:
    tag = Tag(slug=slug)
    tag.save()
    return tag


def settings(number: int) -> None:
    department = make_department(f"branch-{number}")
    parent = Category(path=f"part-{number}", name="Part", name_zh="部分", department=department)
    parent.save()
    topic = Category(path=f"part-{number}/leaf", name="Leaf", name_zh="叶", parent=parent)
    topic.save()
    ResponsibilityRule(category=topic, step="investigated", part="R", department=department).save()
    reply = SavedReply(name=f"Reply {number}", department=department, body="Hello")
    reply.save()
    Macro(name=f"Macro {number}", department=department, reply=reply).save()
    SavedView(code=f"view-{number}", name="View", department=department).save()
    make_shop(f"shop-{number}")
    make_rule(code=f"rule-{number}", promise=f"rule-{number}", starts_on=["tickets.rated"])
    make_calendar(f"calendar-{number}")
    make_address(f"address-{number}")
    make_policy(f"policy-{number}", market=f"M{number}", is_automatic=False)
    make_template(f"template-{number}")
    Compensation(
        code=f"gift-{number}",
        name="Gift",
        name_zh="礼品",
        means="coupon",
        most=Decimal(20),
        customer_cap=Decimal(50),
        budget=Decimal(1000),
    ).save()


def on_case(cast: Cast, busy: Ticket) -> None:
    fill(busy, cast.lead)
    other = make_ticket(cast.lead)
    joining.link_tickets(busy.pk, other.pk, actor=cast.lead, kind="related")
    make_handoff(busy, cast.lead)
