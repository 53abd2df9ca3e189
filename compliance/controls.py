"""What compliance itself records."""

from django.apps import apps
from django.utils.text import capfirst
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


def exported(data: wording.Row) -> str:
    """What left the house: how much of what, in which format, and how it was chosen."""
    words = _("%(model)s, rows: %(rows)s, %(format)s") % {
        "model": capfirst(str(apps.get_model(data["model"])._meta.verbose_name_plural)),
        "rows": data["rows"],
        "format": data["format"].upper(),
    }
    return f"{words}; {data['filters']}" if data["filters"] else words


def register() -> None:
    events.register(EVENTS)
    wording.register_event("compliance.exported", exported)
    wording.register_event(
        "compliance.disclosed", lambda data: wording.disclosed_in_words(data["fields"])
    )
    finding_types.register(FINDINGS)
    wording.register(
        "compliance.finding",
        code=wording.each(finding_types.label),
        subject_type=wording.kind_of_object,
    )
