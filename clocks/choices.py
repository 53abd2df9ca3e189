"""Fixed vocabularies of rules that have no lifecycle."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleKind(models.TextChoices):
    """Where a promise comes from."""

    SERVICE = "service", _("Service target")
    STATUTORY = "statutory", _("Law")
    PLATFORM = "platform", _("Marketplace")
    HANDOFF = "handoff", _("Between departments")
    APPROVAL = "approval", _("Approval")
    PRIVACY = "privacy", _("Privacy")
    FOLLOW_UP = "follow_up", _("Follow-up")
    # Nobody owes anything: it runs out, and nobody is late.
    RIGHT = "right", _("Right of the customer")


class Mode(models.TextChoices):
    """Whether missing it counts. Law ships as advice until a lawyer confirmed the rule."""

    ADVICE = "advice", _("Advice")
    ENFORCED = "enforced", _("Binding")


class Confidence(models.TextChoices):
    """How well the source of a legal rule was seen (reference/law.md); empty for our own."""

    P2 = "P2", _("Primary text, two copies")
    P = "P", _("Primary text, one copy")
    Q = "Q", _("Quoted from the official text")
    S = "S", _("Secondary source")
    M = "M", _("Not verified")


class StepTarget(models.TextChoices):
    """Whom a step of the ladder is about."""

    ASSIGNEE = "assignee", _("Whoever has the case")
    LEAD = "lead", _("Department lead")
    DEPUTY = "deputy", _("Deputy of whoever has the case")
    ROLE = "role", _("A role")
