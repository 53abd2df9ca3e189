"""What makes an agent fast: macros, saved replies, saved views."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.localized import localized
from staff.models import Department
from tickets.choices import FollowUpKind, Priority, Remedy, Visibility
from tickets.querysets import ToolQuerySet
from tickets.statuses import TicketStatus


class Tool(AuditedModel):
    """Common to all three: a name in two languages and who may use it."""

    name = models.CharField(_("name (English)"), max_length=80)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80, blank=True)
    visibility = models.CharField(
        _("for"), max_length=4, choices=Visibility.choices, default=Visibility.ALL
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ToolQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("position", "name")

    def __str__(self) -> str:
        return localized(self.name, self.name_zh)


class SavedReply(Tool):
    """A text with variables such as {{ customer }} or {{ number }} (``tickets.replies``)."""

    shortcut = models.SlugField(_("shortcut"), max_length=30, blank=True)
    body = models.TextField(_("text (English)"), blank=True)
    body_zh = models.TextField(_("text (Chinese)"), blank=True)

    history = History()

    class Meta(Tool.Meta):
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        triggers = [Journaled()]


class Macro(Tool):
    """Several steps in one: reply, field changes, a proposal to be confirmed. Never money."""

    reply = models.ForeignKey(
        SavedReply,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("saved reply"),
    )
    set_priority = models.CharField(
        _("set priority"), max_length=10, choices=Priority.choices, blank=True
    )
    set_status = models.CharField(
        _("then"),
        max_length=10,
        choices=[
            (TicketStatus.PENDING.value, TicketStatus.PENDING.label),
            (TicketStatus.ON_HOLD.value, TicketStatus.ON_HOLD.label),
            (TicketStatus.OPEN.value, TicketStatus.OPEN.label),
        ],
        blank=True,
    )
    add_tags = ArrayField(
        models.CharField(max_length=40), verbose_name=_("add tags"), default=list, blank=True
    )
    assign_to_me = models.BooleanField(_("assign to me"), default=False)
    propose_remedy = models.CharField(
        _("propose"), max_length=15, choices=Remedy.choices, blank=True
    )
    follow_up_kind = models.CharField(
        _("plan follow-up"), max_length=10, choices=FollowUpKind.choices, blank=True
    )
    follow_up_days = models.PositiveSmallIntegerField(_("after days"), null=True, blank=True)

    history = History()

    class Meta(Tool.Meta):
        verbose_name = _("macro")
        verbose_name_plural = _("macros")
        constraints = [
            models.CheckConstraint(
                condition=Q(follow_up_kind="") | Q(follow_up_days__isnull=False),
                name="macro_follow_up_has_days",
                violation_error_message=_("Say after how many days to follow up."),
            ),
        ]
        triggers = [Journaled()]


class SavedView(Tool):
    """A queue: filters and order, stored as the query string parameters of the case list."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    params = models.JSONField(_("filters"), default=dict)
    roles = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("for roles"),
        default=list,
        blank=True,
        help_text=_("Empty: every role."),
    )

    history = History()

    class Meta(Tool.Meta):
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        triggers = [Journaled()]
