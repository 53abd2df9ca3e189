"""Several steps in one, chosen by a person. Macros prepare words and change fields; never money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import require
from aftersales.kernel.refs import in_each_language, label_of
from aftersales.kernel.services import service
from staff.models import User
from tickets.models import Macro, Ticket
from tickets.policies import can_reply
from tickets.replies import render_reply
from tickets.services.follow_ups import plan_follow_up
from tickets.services.handling import (
    Assessment,
    Details,
    assess,
    assign,
    change_details,
    resume,
    wait,
)
from tickets.services.shared import lock_ticket, log, save
from tickets.statuses import TicketStatus


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a macro leaves for the agent to look at and send."""

    reply: str = ""
    remedy: str = ""


@service
def apply_macro(ticket_id: int, macro_id: int, *, actor: User) -> Prepared:
    """Change what the macro says and return the answer and remedy it prepares.

    Every step is the verb of its own with its own right; one refusal undoes all of them.
    """
    macro = Macro.objects.visible_to(actor).select_related("reply").get(pk=macro_id, is_active=True)
    ticket = lock_ticket(ticket_id, actor)
    require(can_reply(actor, ticket))
    if macro.set_priority and macro.set_priority != ticket.priority:
        assess(ticket.pk, Assessment(priority=macro.set_priority), actor=actor)
    if new_tags := [tag for tag in macro.add_tags if tag not in ticket.tags]:
        change_details(ticket.pk, Details(tags=[*ticket.tags, *new_tags]), actor=actor)
    if macro.assign_to_me and ticket.assignee_id != actor.pk:
        assign(ticket.pk, actor=actor, assignee=actor)
    if macro.follow_up_kind:
        plan_follow_up(
            ticket.pk,
            actor=actor,
            kind=macro.follow_up_kind,
            text=label_of(macro),
            due_at=now() + timedelta(days=macro.follow_up_days or 1),
        )
    _move_on(ticket.pk, macro, actor)
    prepared = Prepared(remedy=macro.propose_remedy)
    ticket = Ticket.objects.select_related("customer", "order", "shop").get(pk=ticket_id)
    if macro.reply:
        prepared = replace(prepared, reply=render_reply(macro.reply, ticket, actor))
    log("tickets.macro_applied", ticket, actor=actor, macro=macro.name)
    save(ticket)
    return prepared


def _move_on(ticket_id: int, macro: Macro, actor: User) -> None:
    current = Ticket.objects.values_list("status", flat=True).get(pk=ticket_id)
    if not macro.set_status or macro.set_status == current:
        return
    if macro.set_status == TicketStatus.OPEN:
        resume(ticket_id, actor=actor)
    else:
        wait(
            ticket_id,
            actor=actor,
            status=TicketStatus(macro.set_status),
            note=in_each_language(lambda: _("By macro “%(name)s”") % {"name": macro}),
        )
