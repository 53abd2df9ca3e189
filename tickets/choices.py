"""Fixed vocabularies of a case that have no lifecycle."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What the customer came for."""

    CONSULTATION = "consultation", _("Question")
    COMPLAINT = "complaint", _("Complaint")
    RETURN_REQUEST = "return_request", _("Return")
    REPAIR_REQUEST = "repair_request", _("Repair")
    SUGGESTION = "suggestion", _("Suggestion")
    PRAISE = "praise", _("Praise")


class Channel(models.TextChoices):
    """How it reached us."""

    MAIL = "mail", _("E-mail")
    CHAT = "chat", _("Chat")
    PHONE = "phone", _("Phone")
    COUNTER = "counter", _("Store counter")
    WEB = "web", _("Web form")
    PORTAL = "portal", _("Status page")
    WECHAT = "wechat", _("WeChat")
    API = "api", _("API")
    REVIEW = "review", _("Review")


# Channels whose words also come in files.
REVIEWED: Final = (Channel.REVIEW, Channel.CHAT, Channel.WECHAT)


class Priority(models.TextChoices):
    """How soon."""

    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class Severity(models.TextChoices):
    """How bad for the customer."""

    MINOR = "minor", _("Minor")
    MODERATE = "moderate", _("Moderate")
    MAJOR = "major", _("Major")
    CRITICAL = "critical", _("Critical (safety)")


class Complexity(models.TextChoices):
    """How much work."""

    SIMPLE = "simple", _("Simple")
    NORMAL = "normal", _("Normal")
    COMPLEX = "complex", _("Complex")


class Sentiment(models.TextChoices):
    """The customer's mood."""

    POSITIVE = "positive", _("Positive")
    NEUTRAL = "neutral", _("Neutral")
    NEGATIVE = "negative", _("Negative")
    ANGRY = "angry", _("Angry")


class Party(models.TextChoices):
    """Who is responsible for what went wrong."""

    SHOP = "shop", _("Shop")
    WAREHOUSE = "warehouse", _("Warehouse")
    CARRIER = "carrier", _("Carrier")
    SUPPLIER = "supplier", _("Supplier")
    CUSTOMER = "customer", _("Customer")
    PLATFORM = "platform", _("Platform")
    NOBODY = "nobody", _("Nobody")


class Remedy(models.TextChoices):
    """Ways to put it right."""

    REFUND = "refund", _("Refund")
    RETURN = "return", _("Return and refund")
    EXCHANGE = "exchange", _("Exchange")
    REPAIR = "repair", _("Repair")
    COMPENSATION = "compensation", _("Compensation")
    EXPLANATION = "explanation", _("Explanation")


class MessageKind(models.TextChoices):
    """Who says it to whom."""

    INBOUND = "inbound", _("From the customer")
    OUTBOUND = "outbound", _("To the customer")
    NOTE = "note", _("Internal note")


class LinkKind(models.TextChoices):
    """How two cases belong together; read «ticket is … target»."""

    MERGED = "merged", _("merged into")
    SPLIT = "split", _("split off from")
    CONTINUES = "continues", _("continues")
    CHILD = "child", _("part of")
    RELATED = "related", _("related to")


class FollowUpKind(models.TextChoices):
    """What was promised."""

    CALL_BACK = "call_back", _("Call back")
    CARE = "care", _("Care after delivery")
    CHECK = "check", _("Check after resolution")
    OTHER = "other", _("Other")


class EvidenceKind(models.TextChoices):
    """What a finding rests on."""

    PHOTO = "photo", _("Photo or file")
    STATEMENT = "statement", _("Statement")
    TRACE = "trace", _("Carrier trace")
    RECORD = "record", _("Record in a system")
    INSPECTION = "inspection", _("Inspection")


class MailPurpose(models.TextChoices):
    """Why a mail goes out; all but what a person writes (``WRITTEN_BY_PEOPLE``) is automatic and
    capped."""

    REPLY = "reply", _("Reply")
    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
    PROPOSAL = "proposal", _("Proposal")
    WITHDRAWAL = "withdrawal", _("Withdrawn proposal")
    RESULT = "result", _("Result")
    SURVEY = "survey", _("Survey")
    CLOSING = "closing", _("Closing notice")
    OUTSIDER = "outsider", _("Question to an outsider")


class Visibility(models.TextChoices):
    """Who may use a macro, reply or view."""

    ALL = "all", _("Everybody")
    TEAM = "team", _("My department")
    OWN = "own", _("Only me")
