"""What compliance itself records."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from compliance import events, finding_types, wording
from compliance.events import EventType
from compliance.finding_types import FindingType

EVENTS = (
    EventType(
        "compliance.disclosed", pgettext_lazy("event", "Personal data shown"), on_timeline=False
    ),
    EventType("compliance.exported", _("Data exported"), on_timeline=False),
    EventType("compliance.finding_opened", _("Finding opened"), on_timeline=False),
    EventType("compliance.finding_reopened", _("Finding opened again"), on_timeline=False),
    EventType("compliance.finding_taken", _("Finding taken up"), on_timeline=False),
    EventType("compliance.finding_resolved", _("Finding resolved"), on_timeline=False),
    EventType("compliance.risk_accepted", _("Risk accepted"), on_timeline=False),
)
FINDINGS = (FindingType("clocks.late", _("A promised time was missed")),)


def register() -> None:
    events.register(EVENTS)
    finding_types.register(FINDINGS)
    wording.register(
        "compliance.finding",
        code=wording.each(finding_types.label),
        subject_type=wording.kind_of_object,
    )
