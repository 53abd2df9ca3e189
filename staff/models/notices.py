"""What colleagues are told, on which ways, and how they want to be told."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.transitions import HasStatus
from staff import notice_types
from staff.models.people import Department, Language
from staff.querysets import DeliveryQuerySet, NoticeQuerySet
from staff.statuses import DeliveryStatus


class Urgency(models.TextChoices):
    """How loudly something is told, from the quietest; ``URGENT`` may break quiet hours."""

    LOW = "low", _("For information")
    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)


class Channel(models.TextChoices):
    """The ways a notice takes besides the bell."""

    MAIL = "mail", _("E-mail")
    CHAT = "chat", _("Chat")
    DIGEST = "digest", _("Daily digest")


class Quiet(models.Model):
    """Hours, in the time zone of the desk, in which nothing is sent; the end comes after midnight
    when it is before the beginning. What falls into them is sent at their end."""

    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    urgent_breaks_quiet = models.BooleanField(
        _("urgent notices at any hour"),
        default=False,
        help_text=_("Missed deadlines of the law are sent even in quiet hours."),
    )

    class Meta:
        abstract = True

    @property
    def hours(self) -> tuple[time, time] | None:
        """Beginning and end of the quiet hours, if there are any."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return self.quiet_from, self.quiet_until


def quiet_is_whole(name: str) -> models.CheckConstraint:
    """Both ends or none, and not the same."""
    none = Q(quiet_from__isnull=True, quiet_until__isnull=True)
    both = Q(quiet_from__isnull=False, quiet_until__isnull=False)
    return models.CheckConstraint(
        condition=none | (both & ~Q(quiet_from=models.F("quiet_until"))),
        name=name,
        violation_error_message=_("Give both ends of the quiet hours, or none."),
    )


class Notice(models.Model):
    """Something a colleague should know, told once per cause (``source_key``).

    It follows from an event that is on record and nobody edits it, so it carries no history. Words
    are made when it is read (``staff.notice_types``), in the reader's language.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="notices",
        verbose_name=_("recipient"),
    )
    code = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(_("details"), default=dict)
    case_id = models.BigIntegerField(_("case"), null=True)
    case_label = models.CharField(_("case number"), max_length=20, blank=True)
    url = models.CharField(_("page"), max_length=300)
    urgency = models.CharField(_("urgency"), max_length=6, choices=Urgency.choices)
    source_key = models.CharField(_("cause"), max_length=150)
    created_at = models.DateTimeField(_("told"))
    read_at = models.DateTimeField(_("read"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        default_permissions = ()
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["recipient", "source_key"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="notice_urgency_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "-id"],
                condition=Q(read_at__isnull=True),
                name="notice_unread",
            ),
            models.Index(fields=["recipient", "-id"], name="notice_by_recipient"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return notice_types.title(self.code, self.params)

    @property
    def body(self) -> str:
        return notice_types.body(self.code, self.params)


class ChatTarget(AuditedModel, Quiet):
    """A chat group of a department. The address holds the key to it and is never shown."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="chat_targets", verbose_name=_("department")
    )
    label = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ZH
    )
    min_urgency = models.CharField(
        _("from urgency"), max_length=6, choices=Urgency.choices, default=Urgency.NORMAL
    )
    is_active = models.BooleanField(_("in use"), default=True)

    history = History()

    class Meta:
        verbose_name = _("chat group")
        verbose_name_plural = _("chat groups")
        default_permissions = ("add", "change", "view")
        ordering = ("department__code", "label")
        constraints = [
            quiet_is_whole("chat_quiet_is_whole"),
            models.CheckConstraint(
                condition=Q(min_urgency__in=Urgency.values), name="chat_urgency_known"
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return self.label


class NoticePreference(AuditedModel, Quiet):
    """How a person wants to be told; without a row the defaults hold. The bell always rings."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="notice_preference",
        verbose_name=_("person"),
    )
    mail_low = models.BooleanField(_("mail for information"), default=False)
    mail_normal = models.BooleanField(_("mail for normal notices"), default=True)
    mail_urgent = models.BooleanField(_("mail for urgent notices"), default=True)
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the daily digest"),
        default=8,
        null=True,
        blank=True,
        validators=[MaxValueValidator(23)],
        help_text=_("For leads, in the time zone of the desk; empty for none."),
    )

    history = History()

    class Meta:
        verbose_name = _("wishes for notices")
        verbose_name_plural = _("wishes for notices")
        default_permissions = ()
        constraints = [
            quiet_is_whole("preference_quiet_is_whole"),
            models.CheckConstraint(
                condition=Q(digest_hour__isnull=True) | Q(digest_hour__lte=23),
                name="preference_digest_is_an_hour",
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return str(self.user)

    def wants_mail(self, urgency: str) -> bool:
        wishes = {
            Urgency.LOW: self.mail_low,
            Urgency.NORMAL: self.mail_normal,
            Urgency.URGENT: self.mail_urgent,
        }
        return wishes[Urgency(urgency)]


class NoticeDelivery(HasStatus):
    """A notice that must leave the desk: the row is the truth, the job only an alarm.

    ``effect_key`` sends once: a department's chat hears of a cause once, however many people are
    told. Machines write it, so it carries no history; sending again by hand is an event.
    """

    status_enums = {"status": DeliveryStatus}

    notice = models.ForeignKey(
        Notice, models.PROTECT, related_name="deliveries", verbose_name=_("notice")
    )
    channel = models.CharField(_("way"), max_length=6, choices=Channel.choices)
    target = models.ForeignKey(
        ChatTarget,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("chat group"),
    )
    effect_key = models.CharField(_("effect key"), max_length=200, unique=True)
    status = models.CharField(
        _("status"), max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    send_after = models.DateTimeField(_("send after"))
    is_held_back = models.BooleanField(_("waited for quiet hours"), default=False)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice sent")
        verbose_name_plural = _("notices sent")
        default_permissions = ("view",)
        permissions = [("retry_noticedelivery", "Can send a parked notice again")]
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=DeliveryStatus.values), name="delivery_status_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="delivery_channel_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False),
                name="delivery_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(channel="chat", target__isnull=False)
                | (~Q(channel="chat") & Q(target__isnull=True)),
                name="delivery_chat_has_target",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_after"],
                condition=Q(status__in=["queued", "sending"]),
                name="delivery_to_send",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} → {self.target or self.notice.recipient}"
