"""Fixed vocabularies of work between departments."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HandoffKind(models.TextChoices):
    """What is handed over: the case itself, a question inside the firm, a question outside."""

    TRANSFER = "transfer", _("Transfer of the case")
    ASSIST = "assist", _("Help from a department")
    EXTERNAL = "external", _("Question to an outsider")


class FieldType(models.TextChoices):
    """What a field of a template's form takes."""

    TEXT = "text", pgettext_lazy("field", "Text")
    NUMBER = "number", pgettext_lazy("field", "Number")
    DATE = "date", pgettext_lazy("field", "Date")
    CHOICE = "choice", pgettext_lazy("field", "Choice")
    FILE = "file", pgettext_lazy("field", "File")
    BOOLEAN = "boolean", pgettext_lazy("field", "Yes or no")
    COUNT = "count", pgettext_lazy("field", "Count")


class TurnVerb(models.TextChoices):
    """What was done on a leg."""

    SENT = "sent", pgettext_lazy("turn", "Sent")
    ACCEPTED = "accepted", pgettext_lazy("turn", "Accepted")
    RETURNED = "returned", pgettext_lazy("turn", "Asked back")
    RESENT = "resent", pgettext_lazy("turn", "Sent again")
    ANSWERED = "answered", pgettext_lazy("turn", "Answered")
    DECLINED = "declined", pgettext_lazy("turn", "Declined")
    REROUTED = "rerouted", pgettext_lazy("turn", "Sent elsewhere")
    WITHDRAWN = "withdrawn", pgettext_lazy("turn", "Withdrawn")
    CLOSED = "closed", pgettext_lazy("turn", "Accepted the answer")


class Side(models.TextChoices):
    """Whose turn it is."""

    GIVER = "giver", _("Who asked")
    RECEIVER = "receiver", _("Who was asked")
    NOBODY = "nobody", pgettext_lazy("side", "Nobody")


class Part(models.TextChoices):
    """A department's part in a step (RACI)."""

    RESPONSIBLE = "R", _("Responsible")
    ACCOUNTABLE = "A", _("Accountable")
    CONSULTED = "C", _("Consulted")
    INFORMED = "I", _("Informed")
