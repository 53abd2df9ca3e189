"""What the tickets app records."""

from django.utils.translation import gettext_lazy as _

from compliance import events, personal
from compliance.events import EventType

EVENTS = (
    EventType("tickets.received", _("Case received")),
    EventType("tickets.acknowledged", _("Acknowledged")),
    EventType("tickets.acknowledgement_unsent", _("Receipt could not be mailed")),
    EventType("tickets.assessed", _("Assessed")),
    EventType("tickets.routed", _("Routed")),
    EventType("tickets.assigned", _("Assigned")),
    EventType("tickets.details_changed", _("Details changed")),
    EventType("tickets.customer_named", _("Customer named")),
    EventType("tickets.message_received", _("Customer wrote"), on_timeline=False),
    EventType("tickets.replied", _("Answered"), on_timeline=False),
    EventType("tickets.reply_undone", _("Answer recalled")),
    EventType("tickets.noted", _("Note written"), on_timeline=False),
    EventType("tickets.message_hidden", _("Message hidden")),
    EventType("tickets.message_shown", _("Message shown again")),
    EventType("tickets.file_added", _("File added"), on_timeline=False),
    EventType("tickets.preview_drawn", _("Preview drawn"), on_timeline=False),
    EventType("tickets.waiting", _("Waiting")),
    EventType("tickets.resumed", _("Work resumed")),
    EventType("tickets.investigation_opened", _("Investigation opened")),
    EventType("tickets.evidence_added", _("Evidence added")),
    EventType("tickets.investigation_concluded", _("Investigation concluded")),
    EventType("tickets.investigation_dropped", _("Investigation dropped")),
    EventType("tickets.proposed", _("Remedy proposed")),
    EventType("tickets.proposal_accepted", _("Proposal accepted")),
    EventType("tickets.proposal_declined", _("Proposal declined")),
    EventType("tickets.proposal_withdrawn", _("Proposal withdrawn")),
    EventType("tickets.carried_out", _("Carried out")),
    EventType("tickets.result_told", _("Result told")),
    EventType("tickets.resolved", _("Resolved")),
    EventType("tickets.reopened", _("Reopened")),
    EventType("tickets.closed", _("Closed")),
    EventType("tickets.canceled", _("Canceled")),
    EventType("tickets.urged", _("Customer urged")),
    EventType("tickets.priority_raised", _("Priority raised")),
    EventType("tickets.reassigned", _("Taken back and reassigned")),
    EventType("tickets.survey_invited", _("Rating asked for")),
    EventType("tickets.rated", _("Rated")),
    EventType("tickets.survey_expired", _("Rating not given"), on_timeline=False),
    EventType("tickets.follow_up_planned", _("Follow-up planned")),
    EventType("tickets.follow_up_done", _("Follow-up done")),
    EventType("tickets.follow_up_canceled", _("Follow-up canceled")),
    EventType("tickets.follow_up_moved", _("Follow-up went back to its case")),
    EventType("tickets.follow_up_reminded", _("Follow-up is due"), on_timeline=False),
    EventType("tickets.learnt", _("Lesson recorded")),
    EventType("tickets.merged", _("Merged")),
    EventType("tickets.unmerged", _("Merge undone")),
    EventType("tickets.split", _("Split")),
    EventType("tickets.unsplit", _("Split undone")),
    EventType("tickets.linked", _("Linked")),
    EventType("tickets.unlinked", _("Link removed")),
    EventType("tickets.watched", _("Follower added"), on_timeline=False),
    EventType("tickets.unwatched", _("Follower removed"), on_timeline=False),
    EventType("tickets.macro_applied", _("Macro applied")),
    EventType("tickets.link_created", _("Status link created"), on_timeline=False),
    EventType("tickets.link_revoked", _("Status link revoked")),
    EventType("tickets.mail_queued", _("Mail queued"), on_timeline=False),
    EventType("tickets.mail_sent", _("Mail sent"), on_timeline=False),
    EventType("tickets.mail_parked", _("Mail could not be sent")),
    EventType("tickets.mail_bounced", _("Mail came back")),
    EventType("tickets.mail_settled", _("Mail settled otherwise")),
    EventType("tickets.mail_retried", _("Mail sent again"), on_timeline=False),
    EventType("tickets.intake_stored", _("Incoming message stored"), on_timeline=False),
    EventType("tickets.intake_retried", _("Incoming message tried again"), on_timeline=False),
    EventType("tickets.intake_decided", _("Incoming message decided"), on_timeline=False),
)


def register() -> None:
    events.register(EVENTS)
    personal.register("tickets.message", author_name="name")
    personal.register("tickets.rawintake", sender="sender")
    personal.register("tickets.outboundmail", body="links")
    personal.register("tickets.statuslink", public_id="secret")
