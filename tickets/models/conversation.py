"""What was said, what was sent, what arrived."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.masking import mask_email
from aftersales.kernel.transitions import HasStatus
from staff.models import Language
from tickets.choices import Channel, MailPurpose, MessageKind
from tickets.models.case import Ticket
from tickets.querysets import (
    IntakeQuerySet,
    MessageQuerySet,
    OfMessageQuerySet,
    OfTicketQuerySet,
)
from tickets.statuses import IntakeOutcome, MailStatus


class Message(AuditedModel):
    """Something said on a case. Hidden with a reason, never deleted; text as it was written.

    An outbound message can be undone until ``effective_at``; the customer sees it from then on.
    """

    is_called_by_number = True

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="messages", verbose_name=_("case"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind.choices)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    author_name = models.CharField(_("written by"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    quoted = models.TextField(_("quoted history"), blank=True, default="")
    is_automatic = models.BooleanField(_("automatic"), default=False)
    created_at = models.DateTimeField(_("at"))
    effective_at = models.DateTimeField(_("effective from"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hidden by"),
        db_index=False,
    )
    hidden_reason = models.CharField(_("why hidden"), max_length=300, blank=True, default="")

    objects = MessageQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("created_at", "id")
        default_permissions = ("view",)
        permissions = [("hide_message", "Can hide a message with a reason")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MessageKind.values), name="message_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | ~Q(hidden_reason=""), name="message_hidden_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(kind="outbound"), name="message_undo_outbound_only"
            ),
        ]
        indexes = [models.Index(fields=["ticket", "created_at", "id"], name="message_by_ticket")]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_shown_to_customer(self) -> bool:
        """Outbound or inbound, neither hidden nor undone (its time must also have come)."""
        return self.kind != MessageKind.NOTE and not self.hidden_at and not self.undone_at


class Mention(models.Model):
    """A colleague was named in a note; shows in that person's day until seen."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="mentions")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["message", "user"], name="mention_once"),
        ]
        indexes = [
            models.Index(
                fields=["user", "-created_at"], condition=Q(seen_at=None), name="mention_unseen"
            )
        ]

    def __str__(self) -> str:
        return f"@{self.user} {self.ticket}"


class Draft(models.Model):
    """What somebody is typing, saved as typed; one per person, case and tab."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    body = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["ticket", "author", "kind"], name="draft_once"),
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.kind} {self.ticket}"


class Attachment(AuditedModel):
    """A file of a case, stored under its SHA-256.

    Type as sniffed, not as claimed; never shown inline except as a thumbnail that was drawn anew.
    """

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="attachments", verbose_name=_("case")
    )
    message = models.ForeignKey(
        Message,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name=_("message"),
    )
    file_name = models.CharField(_("file name"), max_length=150)
    digest = models.CharField(_("SHA-256"), max_length=64)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("bytes"))
    has_thumbnail = models.BooleanField(_("has a preview"), default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    is_internal = models.BooleanField(_("internal"), default=False)
    added_at = models.DateTimeField(_("added"))

    objects = OfMessageQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        default_permissions = ("view",)
        ordering = ("id",)
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return self.file_name


class OutboundMail(AuditedModel, HasStatus):
    """A mail that must leave: the row is the truth, the job only an alarm. Sent at least once,
    under one Message-ID and one effect key."""

    status_enums = {"status": MailStatus}
    is_called_by_number = True

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="mails", verbose_name=_("case"))
    message = models.OneToOneField(
        Message,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mail",
        verbose_name=_("message"),
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=MailPurpose.choices)
    effect_key = models.CharField(_("effect key"), max_length=100)
    to_address = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices)
    mail_id = models.CharField("Message-ID", max_length=250)
    in_reply_to = models.CharField("In-Reply-To", max_length=250, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=MailStatus.choices, default=MailStatus.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    send_after = models.DateTimeField(_("send after"))
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = OfMessageQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        default_permissions = ("view",)
        permissions = [("retry_outboundmail", "Can send a parked mail again")]
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=MailStatus.values), name="mail_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("sent", "bounced")) | Q(sent_at__isnull=False),
                name="mail_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("queued", "parked", "recalled", "settled")) | ~Q(body=""),
                name="mail_leaves_with_text",
            ),
            models.UniqueConstraint(fields=["effect_key"], name="mail_effect_once"),
            models.UniqueConstraint(fields=["mail_id"], name="mail_id_unique"),
        ]
        indexes = [
            models.Index(
                fields=["send_after"],
                condition=Q(status__in=["queued", "sending"]),
                name="mail_to_send",
            ),
            models.Index(
                fields=["ticket"], condition=Q(status__in=["parked", "bounced"]), name="mail_stuck"
            ),
            models.Index(fields=["to_address", "created_at"], name="mail_by_address"),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.ticket} → {mask_email(self.to_address)}"


class RawIntake(AuditedModel, HasStatus):
    """What arrived, byte for byte, before anybody looked at it, and the one thing it became.

    The bytes lie in the file store under ``digest``; those of a row of an imported file under
    ``container``, whole file, row ``position``. ``seen_count`` counts identical deliveries.
    """

    status_enums = {"outcome": IntakeOutcome}

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    external_id = models.CharField(_("sender's id"), max_length=250)
    digest = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    container = models.CharField(_("SHA-256 of the file it came in"), max_length=64, blank=True)
    position = models.PositiveIntegerField(_("row of the file"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=IntakeOutcome.choices, default=IntakeOutcome.STORED
    )
    reason = models.CharField(_("why"), max_length=300, blank=True)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("case")
    )
    message = models.ForeignKey(
        Message,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("message"),
        db_index=False,
    )
    duplicate_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("duplicate of"),
        db_index=False,
    )
    seen_count = models.PositiveIntegerField(_("times received"), default=1)
    received_at = models.DateTimeField(_("received"))
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)

    objects = IntakeQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("incoming message")
        verbose_name_plural = _("incoming messages")
        default_permissions = ("view",)
        permissions = [("resolve_rawintake", "Can decide on quarantined messages")]
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"],
                condition=~Q(outcome="duplicate"),
                name="intake_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=IntakeOutcome.values), name="intake_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["ticket", "message"]) | Q(ticket__isnull=False),
                name="intake_ticket_named",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(outcome__in=["stored", "quarantined"]),
                name="intake_open",
            ),
            models.Index(
                fields=["duplicate_of"],
                condition=Q(duplicate_of__isnull=False),
                name="intake_duplicates",
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.channel} {self.external_id[:60]}"


class SignedLink(AuditedModel):
    """Somebody's key to one case: signed, expiring, revocable."""

    public_id = models.UUIDField(_("public number"), unique=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        abstract = True


class StatusLink(SignedLink):
    """The customer's key (``tickets.links``)."""

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="status_links", verbose_name=_("case")
    )
    history = History()

    class Meta:
        verbose_name = _("status link")
        verbose_name_plural = _("status links")
        default_permissions = ("view",)
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.ticket} – {self.expires_at:%Y-%m-%d}"
