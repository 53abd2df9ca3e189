"""Acknowledge, assess, route, assign, wait, end: verbs that change the case itself."""

from __future__ import annotations

from typing import Any

from customers.models import Order
from staff.models import User
from tickets.api import inputs
from tickets.api.serializers import (
    MessageOutput,
    PreparedOutput,
    RatingOutput,
    RevokedOutput,
    StatusLinkOutput,
    WatcherOutput,
)
from tickets.api.views.base import TicketVerb
from tickets.services import handling, macros, naming, outcome, ratings, status_links
from tickets.services.recording import Caller
from tickets.statuses import TicketStatus


class AcknowledgeView(TicketVerb):
    """Tell the customer that the case is known."""

    input_class = inputs.NoteInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return handling.acknowledge(ticket_id, actor=actor, **given)


class AssessView(TicketVerb):
    """Judge urgency, severity and complexity."""

    input_class = inputs.AssessInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        note = given.pop("note")
        return handling.assess(ticket_id, handling.Assessment(**given), actor=actor, note=note)


class DetailsView(TicketVerb):
    """Correct plain facts."""

    input_class = inputs.DetailsInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        note = given.pop("note")
        if key := given.get("order"):
            given["order"] = Order.objects.visible_to(actor).get(
                shop__code=key["source"], external_id=key["number"]
            )
        return handling.change_details(ticket_id, handling.Details(**given), actor=actor, note=note)


class NameCustomerView(TicketVerb):
    """Say whose a case is that came without a customer."""

    input_class = inputs.NameCustomerInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        note = given.pop("note")
        return naming.name_customer(ticket_id, Caller(**given), actor=actor, note=note)


class RouteView(TicketVerb):
    """Give the case to a department and team."""

    input_class = inputs.RouteInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return handling.route(ticket_id, actor=actor, **given)


class AssignView(TicketVerb):
    """Hand the case to a person, or to nobody."""

    input_class = inputs.AssignInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return handling.assign(ticket_id, actor=actor, **given)


class WaitView(TicketVerb):
    """Wait for the customer or for others."""

    input_class = inputs.WaitInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        status = TicketStatus(given.pop("status"))
        return handling.wait(ticket_id, actor=actor, status=status, **given)


class ResumeView(TicketVerb):
    """Take a new or waiting case up."""

    input_class = inputs.NoteInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return handling.resume(ticket_id, actor=actor, **given)


class ResultView(TicketVerb):
    """Tell the customer the decision; unless `resolve` is false the case is resolved with it."""

    input_class = inputs.ResultInput
    output_class = MessageOutput
    is_creation = True

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return outcome.tell_result(ticket_id, actor=actor, **given)


class ResolveView(TicketVerb):
    """Say that we believe it is settled."""

    input_class = inputs.NoteInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return outcome.resolve_ticket(ticket_id, actor=actor, **given)


class ReopenView(TicketVerb):
    """Take a resolved case up again."""

    input_class = inputs.ReasonInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return outcome.reopen_ticket(ticket_id, actor=actor, **given)


class CloseView(TicketVerb):
    """Close for good; refused while a gate is shut."""

    input_class = inputs.NoteInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return outcome.close_ticket(ticket_id, actor=actor, **given)


class CancelView(TicketVerb):
    """End a case that is none."""

    input_class = inputs.ReasonInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return outcome.cancel_ticket(ticket_id, actor=actor, **given)


class UrgeView(TicketVerb):
    """The customer presses for an answer."""

    input_class = inputs.NoteInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return outcome.urge(ticket_id, actor=actor, **given)


class LearnView(TicketVerb):
    """Write down what to change."""

    input_class = inputs.LearnInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return outcome.learn(ticket_id, actor=actor, **given)


class RateView(TicketVerb):
    """Take the customer's rating."""

    input_class = inputs.RateInput
    output_class = RatingOutput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return ratings.rate(ticket_id, actor=actor, **given)


class WatchView(TicketVerb):
    """Follow the case; following twice is once."""

    input_class = inputs.WatchInput
    output_class = WatcherOutput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return handling.watch(ticket_id, actor=actor, user=given.get("user", actor))


class UnwatchView(TicketVerb):
    """Stop following."""

    input_class = inputs.WatchInput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return handling.unwatch(ticket_id, actor=actor, user=given.get("user", actor))


class MacroView(TicketVerb):
    """Apply a macro; answers with the words it prepares."""

    output_class = PreparedOutput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return macros.apply_macro(ticket_id, given["macro_id"], actor=actor)


class StatusLinkView(TicketVerb):
    """The address of the customer's status page."""

    output_class = StatusLinkOutput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return {"url": status_links.give_status_link(ticket_id, actor=actor)}


class RevokeLinkView(TicketVerb):
    """End every live link to the status page."""

    input_class = inputs.ReasonInput
    output_class = RevokedOutput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return {"revoked": status_links.revoke_status_links(ticket_id, actor=actor, **given)}
