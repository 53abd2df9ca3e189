"""Asking for goods to be put right: bounded by the order, judged, the verdict frozen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.context import current
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.numbers import draw
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from customers.models import Order, OrderLine, OrderStatus
from returns.choices import GOODS_COME_BACK, Claim, ReturnKind, StatedCondition
from returns.eligibility import CHAIN_VERSION, Outcome, combined
from returns.eligibility.facts import GIFT
from returns.eligibility.verdict import digest, payer
from returns.models import ReturnAuthorization, ReturnItem
from returns.policies import can_request
from returns.queries.eligibility import Asked, Judged, Wish, arrival_of, is_sent, judge_wishes
from returns.queries.quantities import GIVEN_AGAIN, taken
from returns.services.authorizing import authorize_by_rule
from returns.services.following import follow
from returns.services.shared import keep, lock_return, require_choice, require_text, save_ticket
from returns.statuses import AcceptanceStatus, ReturnStatus
from staff.models import User
from tickets.choices import Kind
from tickets.models import Ticket
from tickets.services.opening import take_up_again
from tickets.services.shared import lock_ticket, require_unclosed, require_unfinished, start_work

MOST_LINES = 100
# So long after the case a form on the customer's page still belongs to what the case asked for.
SAME_WISH = timedelta(days=14)
# Goods that come back for money bring their gifts along.
WITH_GIFTS = (ReturnKind.RETURN_AND_REFUND,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """How many of which order line, in which stated condition."""

    line: int
    quantity: int
    condition: str = StatedCondition.UNOPENED


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReturn:
    """What is asked for; ``noticed_at`` is when the customer told us, see ``notice_of``."""

    kind: str
    claim: str
    pieces: Sequence[Piece]
    remark: str = ""
    noticed_at: datetime | None = None


@service
def request_return(
    ticket_id: int, new: NewReturn, *, actor: User, note: str = ""
) -> ReturnAuthorization:
    """Ask for a return on the case's order and freeze the verdict.

    A plain yes is authorized at once where the policy says so; everything else waits for a person,
    a plain no, too: nothing is refused by a machine (PIPL art. 24). Raises ``RuleViolated`` for
    pieces the order does not have left.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_request(actor, ticket))
    require_unfinished(ticket)
    order = require_paid_order(ticket)
    require_choice(new.kind, ReturnKind.values, "kind")
    require_something_to_send(order, new.kind)
    require_choice(new.claim, Claim.values, "claim")
    wishes = lock_wishes(order, new.pieces)
    asked = Asked(kind=new.kind, claim=new.claim, noticed_at=notice_of(new, ticket, order, actor))
    judged = judge_wishes(ticket, asked, wishes)
    extras = gifts_to_come_along(order, wishes) if new.kind in WITH_GIFTS else []
    rma = _new_row(ticket, new, asked, judged, actor)
    rma.save(force_insert=True)
    for wish in (*wishes, *extras):
        _new_item(rma, ticket, wish).save(force_insert=True)
    ticket.save(update_fields=start_work(ticket))
    record(
        "returns.requested",
        rma,
        actor=actor,
        case=ticket,
        note=note or rma.remark,
        data=_told(rma),
        occurred_at=rma.noticed_at,
    )
    _go_on(rma, ticket, judged, actor=actor)
    return rma


def _told(rma: ReturnAuthorization) -> dict[str, str]:
    """What the event says of a return that was asked for."""
    names = ("kind", "claim", "outcome", "verdict_digest")
    return {"variant": rma.route, **{name: getattr(rma, name) for name in names}}


def require_paid_order(ticket: Ticket) -> Order:
    """The case's order; nothing comes back of one that is unknown, canceled or unpaid."""
    if ticket.order is None:
        raise RuleViolated("no_order", _("Put the order on the case first."), field="order")
    if ticket.order.shop_status == OrderStatus.CANCELED:
        raise RuleViolated("order_canceled", _("This order was canceled."), field="order")
    if not ticket.order.payments.exists():
        raise RuleViolated("order_unpaid", _("This order was not paid."), field="order")
    return ticket.order


def require_something_to_send(order: Order, kind: str) -> None:
    """Raise for goods that the customer does not have: before they are sent nothing can come back,
    and to change one's mind is to cancel the order."""
    if kind in GOODS_COME_BACK and not is_sent(order):
        raise RuleViolated(
            "not_sent",
            _(
                "This order was not sent yet, so nothing can come back."
                " Ask for “%(kind)s”, then it is canceled."
            )
            % {"kind": ReturnKind.REFUND_ONLY.label},
            field="kind",
        )


def lock_wishes(order: Order, pieces: Iterable[Piece]) -> list[Wish]:
    """The order lines, locked, with what is asked of them; raises for more than is left."""
    pieces = list(pieces)
    if not pieces or len(pieces) > MOST_LINES:
        raise RuleViolated("no_pieces", _("Choose what is to come back."), field="pieces")
    ids = [piece.line for piece in pieces]
    if len(set(ids)) != len(ids):
        raise RuleViolated("repeated", _("The same key appears twice."), field="pieces")
    rows = OrderLine.objects.filter(order=order, pk__in=ids).order_by("pk")
    lines = {line.pk: line for line in rows.select_for_update(of=("self",))}
    used = taken(line.pk for line in order.lines.all())
    wishes = []
    for piece in pieces:
        line = lines.get(piece.line)
        if line is None:
            raise RuleViolated(
                "foreign_line", _("This article belongs to another order."), field="pieces"
            )
        require_choice(piece.condition, StatedCondition.values, "condition")
        require_left(line, piece.quantity, used[line.pk])
        wishes.append(Wish(line=line, quantity=piece.quantity, condition=piece.condition))
    return wishes


def gifts_to_come_along(order: Order, wishes: Iterable[Wish]) -> list[Wish]:
    """Gifts of an order of which everything else comes back; kept ones are charged at most at
    their stated price (return measures art. 12)."""
    lines = list(order.lines.order_by("pk").select_for_update(of=("self",)))
    used = taken(line.pk for line in lines)
    asked = {wish.line.pk: wish.quantity for wish in wishes}
    gifts = [line for line in lines if GIFT in line.traits]
    rest = [line for line in lines if GIFT not in line.traits]
    if any(used[line.pk] + asked.get(line.pk, 0) < line.quantity for line in rest):
        return []
    return [
        Wish(line=line, quantity=line.quantity - used[line.pk])
        for line in gifts
        if line.pk not in asked and used[line.pk] < line.quantity
    ]


def require_left(line: OrderLine, quantity: int, used: int) -> None:
    """Raise unless the order line has that many pieces that no live return has taken."""
    if type(quantity) is not int or quantity < 1:
        raise RuleViolated(
            "bad_quantity", _("The quantity must be a whole number from 1."), field="quantity"
        )
    left = line.quantity - used
    if quantity > left:
        raise RuleViolated(
            "above_bought",
            _("Of “%(article)s” %(bought)s were bought, %(left)s can still be returned.")
            % {"article": line.name, "bought": line.quantity, "left": max(left, 0)},
            field="quantity",
        )


def notice_of(new: NewReturn, ticket: Ticket, order: Order, actor: User) -> datetime:
    """When the customer told us: as said, else with the case that asked for it, else now."""
    if new.noticed_at is None:
        return ticket.received_at if _has_asked(ticket, order, actor) else now()
    if not order.placed_at <= new.noticed_at <= now():
        raise RuleViolated(
            "bad_notice_time",
            _("The customer told us after the order and not in the future."),
            field="noticed_at",
        )
    return new.noticed_at


def _has_asked(ticket: Ticket, order: Order, actor: User) -> bool:
    """Whether the case itself asked: it is about a return, and came in after these goods did.

    People type in late what was told in time (A11). A form of the customer's own tells that only
    for a while: months later on a case left open it is a wish of that day.
    """
    if ticket.kind not in (Kind.RETURN_REQUEST, Kind.REPAIR_REQUEST):
        return False
    if ticket.received_at < max(order.placed_at, arrival_of(order) or order.placed_at):
        return False
    return not actor.is_machine or now() - ticket.received_at <= SAME_WISH


def frozen(judged: Iterable[Judged]) -> dict[str, Any]:
    """What is kept of the verdicts, as JSON."""
    return {
        "chain": CHAIN_VERSION,
        "lines": [
            {
                "line": one.wish.line.pk,
                "quantity": one.wish.quantity,
                "condition": str(one.wish.condition),
                "policy": one.policy.label if one.policy else "",
                "verdict": one.verdict.as_json(),
            }
            for one in judged
        ],
    }


def _new_row(
    ticket: Ticket, new: NewReturn, asked: Asked, judged: list[Judged], actor: User
) -> ReturnAuthorization:
    verdict = frozen(judged)
    verdicts = [one.verdict for one in judged]
    is_free = all(one.policy and one.policy.is_return_free for one in judged)
    return ReturnAuthorization(
        number=draw("RMA"),
        ticket=ticket,
        order=ticket.order,
        kind=new.kind,
        claim=new.claim,
        remark=new.remark.replace("\x00", "").strip()[:500],
        noticed_at=asked.noticed_at,
        requested_at=now(),
        requested_by=actor,
        requested_via=current().source,
        outcome=combined(verdicts),
        verdict=verdict,
        verdict_digest=digest(verdict),
        policy=judged[0].policy,
        window_due_at=judged[0].window_end,
        freight_payer="shop" if is_free else payer(verdicts),
    )


def _new_item(rma: ReturnAuthorization, ticket: Ticket, wish: Wish) -> ReturnItem:
    return ReturnItem(
        rma=rma,
        ticket=ticket,
        order_line=wish.line,
        quantity=wish.quantity,
        stated_condition=wish.condition,
    )


def _go_on(rma: ReturnAuthorization, ticket: Ticket, judged: list[Judged], *, actor: User) -> None:
    """A plain yes goes through, a plain yes with a careful policy waits, the rest asks a person."""
    if rma.outcome != Outcome.ELIGIBLE:
        move(rma, ReturnStatus.NEEDS_REVIEW)
        keep(rma, ticket, "status", code="returns.sent_to_review", actor=actor, data={"by": "rule"})
        follow(ticket)
    elif all(one.policy is None or one.policy.is_automatic for one in judged):
        authorize_by_rule(rma, ticket)
    else:
        save_ticket(ticket)
        follow(ticket)


@service
def appeal_return(rma_id: int, *, actor: User, note: str = "") -> ReturnAuthorization:
    """The customer asks for a person to look again at a refusal; once.

    A case that waits for the customer is taken up again.
    """
    rma, ticket = lock_return(rma_id, actor)
    require(can_request(actor, ticket))
    require_unfinished(ticket)
    if rma.status != ReturnStatus.DECLINED:
        raise InvalidTransition(_("Only a refusal is looked at again."))
    move(rma, ReturnStatus.NEEDS_REVIEW)
    if rma.appealed_at:
        raise InvalidTransition(_("This return was looked at again before."))
    _require_still_left(rma)
    rma.appealed_at = now()
    rma.save(update_fields=["status", "appealed_at"])
    ticket.save(update_fields=take_up_again(ticket, actor=actor))
    keep(rma, ticket, code="returns.appealed", actor=actor, note=note.strip()[:500])
    return rma


def reopen_return(rma: ReturnAuthorization) -> None:
    """Have a settled return settled again; raises ``RuleViolated`` when the customer was given its
    articles again and has asked for the same pieces since."""
    if rma.kind in GIVEN_AGAIN:
        _require_still_left(rma)
    move(rma, ReturnStatus.INSPECTED)
    rma.save(update_fields=["status"])


def _require_still_left(rma: ReturnAuthorization) -> None:
    """A return that was refused or is over took nothing meanwhile; others may have."""
    wanted = rma.items.exclude(acceptance_status=AcceptanceStatus.DECLINED)
    items = list(wanted.select_related("order_line").order_by("order_line"))
    rows = OrderLine.objects.filter(pk__in=[item.order_line_id for item in items])
    lines = {line.pk: line for line in rows.order_by("pk").select_for_update(of=("self",))}
    used = taken(lines)
    for item in items:
        require_left(lines[item.order_line_id], item.quantity, used[item.order_line_id])


@service
def cancel_return(rma_id: int, *, actor: User, note: str) -> ReturnAuthorization:
    """Withdraw a request before anything was sent; needs a reason."""
    rma, ticket = lock_return(rma_id, actor)
    require(can_request(actor, ticket))
    require_unclosed(ticket)
    move(rma, ReturnStatus.CANCELED)
    require_text(note, "note", least=2, most=500)
    keep(
        rma,
        ticket,
        "status",
        code="returns.canceled",
        actor=actor,
        note=note,
        data={"variant": rma.route},
    )
    follow(ticket)
    return rma
