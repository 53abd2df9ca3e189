"""Verbs of the case page that send legs and act on them (see ``tickets.admin.case_actions``)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handoffs import forms, policies
from handoffs.models import Handoff
from handoffs.services import examples, party_links, receiving, sending
from staff.models import User
from tickets.admin.case_actions import WORKING, Act, Verb, note_of, on_row
from tickets.admin.case_panels import case_url
from tickets.forms import ReasonForm
from tickets.forms import VerbForm as NoForm
from tickets.models import Ticket


def may_answer(user: User, ticket: Ticket) -> bool:
    """The right itself; which side of which leg somebody is on, the service looks at."""
    return policies.may(user, "answer") or policies.may(user, "send")


def may_manage(user: User, ticket: Ticket) -> bool:
    return policies.may(user, "send")


def to_leg(act: Act, result: object) -> str:
    """Receivers stay with the leg as long as it shows them the case."""
    return reverse("admin:handoffs_handoff_change", args=[act.target])


def after_declining(act: Act, result: object) -> str:
    """Who declined sees the case no more, unless it is theirs."""
    still = Ticket.objects.visible_to(act.actor).filter(pk=act.ticket.pk).exists()
    return case_url(act.ticket.number) if still else reverse("admin:handoffs_handoff_changelist")


def after_accepting(act: Act, result: object) -> str:
    is_over = isinstance(result, Handoff) and result.is_transfer
    return case_url(act.ticket.number) if is_over else to_leg(act, result)


VERBS = (
    Verb(
        "hand-over",
        _("Hand over…"),
        policies.can_send,
        lambda act: sending.send_handoff(act.ticket.pk, act.data["ask"], actor=act.actor),
        _("Handed over."),
        form=forms.SendForm,
        statuses=WORKING,
        intro="handoffs/_templates.html",
    ),
    Verb(
        "leg-accept",
        pgettext_lazy("hand-over", "Accept"),
        may_answer,
        on_row(receiving.accept_handoff),
        _("Accepted."),
        form=NoForm,
        model=Handoff,
        is_direct=True,
        leads_to=after_accepting,
    ),
    Verb(
        "leg-assign",
        _("Assign…"),
        may_answer,
        lambda act: receiving.assign_handoff(
            act.target, actor=act.actor, assignee=act.data["assignee"]
        ),
        _("Assigned."),
        form=forms.AssignLegForm,
        model=Handoff,
        leads_to=to_leg,
    ),
    Verb(
        "leg-answer",
        _("Answer…"),
        may_answer,
        lambda act: receiving.answer_handoff(act.target, act.data["reply"], actor=act.actor),
        _("Answered."),
        form=forms.AnswerForm,
        model=Handoff,
        leads_to=to_leg,
    ),
    Verb(
        "leg-return",
        _("Ask back…"),
        may_answer,
        on_row(receiving.return_handoff),
        _("Asked back; it is their turn."),
        form=forms.WordsForm,
        model=Handoff,
        leads_to=to_leg,
    ),
    Verb(
        "leg-decline",
        _("Decline…"),
        may_answer,
        on_row(receiving.decline_handoff),
        _("Declined."),
        form=forms.WordsForm,
        model=Handoff,
        is_dangerous=True,
        leads_to=after_declining,
    ),
    Verb(
        "leg-resend",
        _("Send again…"),
        may_manage,
        lambda act: sending.resend_handoff(
            act.target, actor=act.actor, note=note_of(act), files=act.data["files"]
        ),
        _("Sent again."),
        form=forms.ResendForm,
        model=Handoff,
        hint=_("Give what was asked for, or say what is missing in the answer."),
    ),
    Verb(
        "leg-reroute",
        _("Send elsewhere…"),
        may_manage,
        lambda act: sending.reroute_handoff(act.target, actor=act.actor, **act.data),
        _("Sent elsewhere."),
        form=forms.RerouteForm,
        model=Handoff,
    ),
    Verb(
        "leg-withdraw",
        pgettext_lazy("hand-over", "Withdraw…"),
        may_manage,
        on_row(sending.withdraw_handoff),
        _("Withdrawn."),
        form=ReasonForm,
        model=Handoff,
        is_dangerous=True,
    ),
    Verb(
        "leg-close",
        _("Accept the answer…"),
        may_manage,
        lambda act: sending.close_handoff(act.target, actor=act.actor, **act.data),
        _("The answer is accepted."),
        form=forms.CloseForm,
        model=Handoff,
    ),
    Verb(
        "leg-link",
        _("Make a link"),
        may_manage,
        lambda act: party_links.give_party_link(act.target, actor=act.actor),
        _("The link is ready to be copied."),
        form=NoForm,
        model=Handoff,
        is_direct=True,
        leads_to=to_leg,
    ),
    Verb(
        "leg-revoke",
        _("End the link…"),
        may_manage,
        on_row(party_links.revoke_party_links),
        _("The link works no more."),
        form=ReasonForm,
        model=Handoff,
        is_dangerous=True,
        leads_to=to_leg,
    ),
    Verb(
        "share-example",
        _("Propose as an example…"),
        policies.can_propose_example,
        lambda act: examples.propose_example(act.ticket.pk, actor=act.actor, **act.data),
        _("Proposed; a lead looks at it before colleagues see it."),
        form=forms.ExampleForm,
        statuses=("closed",),
        hint=_("Names, addresses and numbers are masked."),
    ),
)
