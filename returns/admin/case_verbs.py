"""Verbs of goods on the case page (see ``tickets.admin.case_actions``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import Text
from returns import forms
from returns.models import (
    Reimbursement,
    Repair,
    ReturnAuthorization,
    ReturnItem,
    ShopInstruction,
    UnexpectedItem,
)
from returns.policies import may
from returns.services import (
    authorizing,
    compensating,
    exchanging,
    inspecting,
    owing,
    parcels,
    receiving,
    repairing,
    requesting,
    settling,
)
from staff.models import User
from tickets.admin.case_actions import WORKING, Act, Verb, on_row
from tickets.forms import ReasonForm, VerbForm
from tickets.models import Ticket


def right(verb: str) -> Callable[[User, Ticket], bool]:
    """Whoever has the right; the service decides by the row."""
    return lambda actor, ticket: may(actor, verb)


def can_ask(actor: User, ticket: Ticket) -> bool:
    return ticket.order_id is not None and may(actor, "request")


def can_compensate(actor: User, ticket: Ticket) -> bool:
    return actor.has_perm("returns.grant_compensation")


def ask(act: Act) -> ReturnAuthorization:
    form = forms.ReturnForm(ticket=act.ticket, actor=act.actor)
    form.cleaned_data = act.data
    return requesting.request_return(act.ticket.pk, form.as_return(), actor=act.actor)


def authorize(act: Act) -> ReturnAuthorization:
    ground = None
    if act.data["basis"] and act.data["evidence"]:
        ground = authorizing.Ground(basis=act.data["basis"], evidence=act.data["evidence"].pk)
    return authorizing.authorize_return(
        act.target, actor=act.actor, note=act.data["note"], ground=ground
    )


def settle(act: Act) -> ReturnAuthorization:
    currency = act.ticket.order.currency if act.ticket.order else ""
    return settling.settle_return(
        act.target,
        actor=act.actor,
        extras=settling.read_extras(act.data, currency),
        seen=act.data["seen"],
        note=act.data["note"],
    )


def replace(act: Act) -> ShopInstruction:
    values = {name: act.data[name] for name in ("sku", "name", "quantity")}
    new = exchanging.Replacement(**values, price=act.data["price"] or None)
    return exchanging.order_replacement(act.target, new, actor=act.actor, note=act.data["note"])


def given(service: Callable[..., Any]) -> Callable[[Act], Any]:
    """A verb of a row that takes exactly what its form asks."""
    return lambda act: service(act.target, actor=act.actor, **act.data)


def of_return(
    code: str, label: Text, verb: str, run: Callable[[Act], Any], done: Text, **more: Any
) -> Verb:
    """A verb of a return of this case."""
    options = {"model": ReturnAuthorization, **more}
    return Verb(code, label, right(verb), run, done, **options)


VERBS = (
    Verb(
        "return",
        _("Return, exchange, repair…"),
        can_ask,
        ask,
        _("Asked for; the verdict is on the case."),
        form=forms.ReturnForm,
        statuses=WORKING,
    ),
    Verb(
        "compensate",
        _("Compensate…"),
        can_compensate,
        lambda act: compensating.grant_compensation(act.ticket.pk, actor=act.actor, **act.data),
        _("Compensation given."),
        form=forms.CompensateForm,
        statuses=WORKING,
    ),
    of_return(
        "return-authorize",
        _("Authorize…"),
        "authorize",
        authorize,
        _("Authorized; the customer was told the address."),
        form=forms.AuthorizeForm,
        hint=_("Against the verdict it needs a reason."),
    ),
    of_return(
        "return-decline",
        _("Decline…"),
        "authorize",
        given(authorizing.decline_return),
        _("Declined; the customer was told why."),
        form=forms.DeclineForm,
        is_dangerous=True,
    ),
    of_return(
        "return-review",
        _("A person must look…"),
        "authorize",
        on_row(authorizing.send_to_review),
        _("Put before a person."),
        form=ReasonForm,
    ),
    of_return(
        "return-appeal",
        _("Look again…"),
        "request",
        on_row(requesting.appeal_return),
        _("Put before a person again."),
    ),
    of_return(
        "return-cancel",
        _("Cancel the return…"),
        "request",
        on_row(requesting.cancel_return),
        _("Return canceled."),
        form=ReasonForm,
        is_dangerous=True,
    ),
    of_return(
        "return-parcel",
        _("Parcel handed in…"),
        "request",
        given(parcels.announce_parcel),
        _("Parcel noted."),
        form=forms.ParcelForm,
    ),
    of_return(
        "return-replace",
        _("Order from the shop…"),
        "authorize",
        replace,
        _("The shop can fetch the order."),
        form=forms.ReplaceForm,
    ),
    of_return(
        "return-settle",
        _("Settle…"),
        "settle",
        settle,
        _("Settled; the refunds wait for their approval."),
        form=forms.SettleForm,
    ),
    of_return(
        "return-close",
        _("Close the return…"),
        "settle",
        on_row(settling.close_return),
        _("Return closed."),
    ),
    of_return(
        "sheet-again",
        _("Ask for the missing part again…"),
        "settle",
        on_row(owing.ask_again),
        _("Asked for again; it waits for its approval."),
        form=ReasonForm,
        model=Reimbursement,
    ),
    of_return(
        "sheet-void",
        _("Void the sheet…"),
        "settle",
        on_row(settling.void_reimbursement),
        _("Sheet voided."),
        form=ReasonForm,
        model=Reimbursement,
        is_dangerous=True,
    ),
    of_return(
        "item-waive",
        _("Need not come back…"),
        "authorize",
        on_row(receiving.waive_item),
        _("It need not come back."),
        form=ReasonForm,
        model=ReturnItem,
    ),
    of_return(
        "item-missing",
        _("Decide the missing article…"),
        "authorize",
        given(inspecting.decide_missing),
        _("Decided."),
        form=forms.MissingForm,
        model=ReturnItem,
    ),
    of_return(
        "unexpected-decide",
        _("Decide…"),
        "authorize",
        given(receiving.decide_unexpected),
        _("Decided."),
        form=forms.DispositionForm,
        model=UnexpectedItem,
    ),
    of_return(
        "repair-plan",
        _("Repair…"),
        "authorize",
        given(repairing.plan_repair),
        _("Repair planned."),
        form=forms.VendorForm,
        model=ReturnItem,
    ),
    of_return(
        "repair-quote",
        _("Quote…"),
        "authorize",
        given(repairing.quote_repair),
        _("Quote noted; ask the customer."),
        form=forms.QuoteForm,
        model=Repair,
    ),
    of_return(
        "repair-consent",
        _("Customer's answer…"),
        "authorize",
        given(repairing.answer_quote),
        _("Answer noted."),
        form=forms.ConsentForm,
        model=Repair,
    ),
    of_return(
        "repair-start",
        _("Handed in"),
        "authorize",
        on_row(repairing.start_repair),
        _("In repair."),
        form=VerbForm,
        model=Repair,
        is_direct=True,
    ),
    of_return(
        "repair-parts",
        _("Waits for parts…"),
        "authorize",
        on_row(repairing.wait_for_parts),
        _("Noted; the longer limit applies."),
        form=ReasonForm,
        model=Repair,
    ),
    of_return(
        "repair-finish",
        _("Finished…"),
        "authorize",
        given(repairing.finish_repair),
        _("Repair finished."),
        form=forms.FinishForm,
        model=Repair,
    ),
    of_return(
        "order-paid",
        _("Difference paid…"),
        "authorize",
        on_row(exchanging.record_difference_paid),
        _("The shop can fetch the order now."),
        form=ReasonForm,
        model=ShopInstruction,
    ),
    of_return(
        "order-cancel",
        _("Cancel the order…"),
        "authorize",
        on_row(exchanging.cancel_instruction),
        _("Order canceled."),
        form=ReasonForm,
        model=ShopInstruction,
        is_dangerous=True,
    ),
)
IN_MENU = ("return", "compensate")
