"""Investigations, proposals and follow-ups."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.serializers import BaseSerializer

from staff.models import User
from tickets.api import inputs
from tickets.api.serializers import (
    EvidenceOutput,
    FollowUpOutput,
    InvestigationOutput,
    ProposalOutput,
)
from tickets.api.views.base import TicketPart, TicketVerb
from tickets.models import Attachment, FollowUp, Investigation, Proposal
from tickets.services import follow_ups, investigation, proposals
from tickets.services.proposals import Offer


class InvestigationListView(TicketPart, TicketVerb):
    """Investigations of a case; POST opens one."""

    serializer_class = InvestigationOutput
    input_class = inputs.QuestionInput
    output_class = InvestigationOutput
    is_creation = True

    def rows(self, ticket_id: int, actor: User) -> QuerySet[Investigation]:
        return (
            Investigation.objects.filter(ticket=ticket_id)
            .select_related("opened_by", "concluded_by")
            .prefetch_related("evidence__added_by")
        )

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return investigation.open_investigation(ticket_id, actor=actor, **given)


class InvestigationVerb(TicketVerb):
    """A verb of one investigation of the case."""

    output_class: ClassVar[type[BaseSerializer[Any]]] = InvestigationOutput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        rows = Investigation.objects.visible_to(actor).filter(ticket=ticket_id)
        found = rows.only("pk").get(pk=given.pop("investigation_id"))
        return self.act_on(found.pk, actor, ticket_id=ticket_id, **given)

    def act_on(self, investigation_id: int, actor: User, *, ticket_id: int, **given: Any) -> Any:
        """Call the one service."""
        raise NotImplementedError


class EvidenceView(InvestigationVerb):
    """Add what the finding will rest on."""

    input_class = inputs.EvidenceInput
    output_class = EvidenceOutput
    is_creation = True

    def act_on(self, investigation_id: int, actor: User, *, ticket_id: int, **given: Any) -> Any:
        if "attachment" in given:
            rows = Attachment.objects.readable_by(actor).filter(ticket=ticket_id)
            given["attachment"] = rows.get(pk=given["attachment"])
        return investigation.add_evidence(investigation_id, actor=actor, **given)


class ConcludeView(InvestigationVerb):
    """State what happened, why, and who is responsible."""

    input_class = inputs.ConcludeInput

    def act_on(self, investigation_id: int, actor: User, *, ticket_id: int, **given: Any) -> Any:
        return investigation.conclude_investigation(investigation_id, actor=actor, **given)


class DropView(InvestigationVerb):
    """End an investigation without a finding."""

    input_class = inputs.ReasonInput

    def act_on(self, investigation_id: int, actor: User, *, ticket_id: int, **given: Any) -> Any:
        return investigation.drop_investigation(investigation_id, actor=actor, **given)


class ProposalListView(TicketPart):
    """What was offered, oldest first."""

    serializer_class = ProposalOutput

    def rows(self, ticket_id: int, actor: User) -> QuerySet[Proposal]:
        return Proposal.objects.filter(ticket=ticket_id).select_related("offered_by")


class ProposeView(TicketVerb):
    """Offer a remedy; the customer gets a mail and can answer on the status page."""

    input_class = inputs.ProposeInput
    output_class = ProposalOutput
    is_creation = True

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return proposals.propose(ticket_id, Offer(**given), actor=actor)


class ProposalVerb(TicketVerb):
    """A verb of one proposal of the case."""

    output_class = ProposalOutput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        rows = Proposal.objects.visible_to(actor).filter(ticket=ticket_id)
        found = rows.only("pk").get(pk=given.pop("proposal_id"))
        return self.act_on(found.pk, actor, **given)

    def act_on(self, proposal_id: int, actor: User, **given: Any) -> Any:
        """Call the one service."""
        raise NotImplementedError


class AcceptView(ProposalVerb):
    """The customer agreed."""

    input_class = inputs.NoteInput

    def act_on(self, proposal_id: int, actor: User, **given: Any) -> Any:
        return proposals.accept_proposal(proposal_id, actor=actor, **given)


class DeclineView(ProposalVerb):
    """The customer did not agree."""

    input_class = inputs.NoteInput

    def act_on(self, proposal_id: int, actor: User, **given: Any) -> Any:
        return proposals.decline_proposal(proposal_id, actor=actor, **given)


class WithdrawView(ProposalVerb):
    """Take an offer back."""

    input_class = inputs.ReasonInput

    def act_on(self, proposal_id: int, actor: User, **given: Any) -> Any:
        return proposals.withdraw_proposal(proposal_id, actor=actor, **given)


class CarryOutView(ProposalVerb):
    """State that the accepted remedy was carried out, and how."""

    input_class = inputs.ReasonInput

    def act_on(self, proposal_id: int, actor: User, **given: Any) -> Any:
        return proposals.carry_out_proposal(proposal_id, actor=actor, **given)


class FollowUpListView(TicketPart, TicketVerb):
    """Things promised for later; POST plans one."""

    serializer_class = FollowUpOutput
    input_class = inputs.FollowUpInput
    output_class = FollowUpOutput
    is_creation = True
    orderings = {"due_at": ("due_at", "id")}

    def rows(self, ticket_id: int, actor: User) -> QuerySet[FollowUp]:
        return FollowUp.objects.filter(ticket=ticket_id).select_related("assignee")

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        return follow_ups.plan_follow_up(ticket_id, actor=actor, **given)


class FollowUpVerb(TicketVerb):
    """A verb of one follow-up of the case."""

    output_class = FollowUpOutput

    def act(self, ticket_id: int, actor: User, **given: Any) -> Any:
        rows = FollowUp.objects.visible_to(actor).filter(ticket=ticket_id)
        found = rows.only("pk").get(pk=given.pop("follow_up_id"))
        return self.act_on(found.pk, actor, **given)

    def act_on(self, follow_up_id: int, actor: User, **given: Any) -> Any:
        """Call the one service."""
        raise NotImplementedError


class CompleteView(FollowUpVerb):
    """Say how it went."""

    input_class = inputs.OutcomeInput

    def act_on(self, follow_up_id: int, actor: User, **given: Any) -> Any:
        return follow_ups.complete_follow_up(follow_up_id, actor=actor, **given)


class CancelFollowUpView(FollowUpVerb):
    """Take the promise back."""

    input_class = inputs.ReasonInput

    def act_on(self, follow_up_id: int, actor: User, **given: Any) -> Any:
        return follow_ups.cancel_follow_up(follow_up_id, actor=actor, **given)
