"""The case itself, how cases belong together, and who looks at them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.transitions import HasStatus
from customers.models import Customer, Order, Shop
from staff.models import Department, Language, Team
from tickets.choices import (
    Channel,
    Complexity,
    Kind,
    LinkKind,
    Party,
    Priority,
    Remedy,
    Sentiment,
    Severity,
)
from tickets.models.filing import Category
from tickets.querysets import LinkQuerySet, OfTicketQuerySet, TicketQuerySet
from tickets.statuses import UNFINISHED, TicketStatus

OPEN_STATUSES = [status.value for status in UNFINISHED]
FILTER_COLUMNS = ["priority", "kind", "channel", "category", "shop", "department", "assignee"]


class Ticket(AuditedModel, HasStatus):
    """One customer problem, intake to closed. Times are UTC; ``due_at`` is the nearest promise."""

    status_enums = {"status": TicketStatus}
    is_called_by_number = True

    number = models.CharField(_("case number"), max_length=12, editable=False)
    subject = models.CharField(_("subject"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("category"),
        db_index=False,
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    status = models.CharField(
        _("status"), max_length=10, choices=TicketStatus.choices, default=TicketStatus.NEW
    )
    priority = models.CharField(
        _("priority"), max_length=10, choices=Priority.choices, default=Priority.NORMAL
    )
    severity = models.CharField(
        _("severity"), max_length=10, choices=Severity.choices, blank=True, default=""
    )
    complexity = models.CharField(
        _("complexity"), max_length=10, choices=Complexity.choices, blank=True, default=""
    )
    is_green_channel = models.BooleanField(_("green channel"), default=False)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="tickets",
        verbose_name=_("department"),
        db_index=False,
    )
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("team"),
        db_index=False,
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("assignee"),
        db_index=False,
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("customer"),
        db_index=False,
    )
    order = models.ForeignKey(
        Order,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("order"),
    )
    shop = models.ForeignKey(
        Shop,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("shop"),
        db_index=False,
    )
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ZH
    )
    sentiment = models.CharField(
        _("mood"), max_length=10, choices=Sentiment.choices, blank=True, default=""
    )
    requested_remedy = models.CharField(
        _("remedy asked for"), max_length=15, choices=Remedy.choices, blank=True, default=""
    )
    responsible_party = models.CharField(
        _("responsible party"), max_length=10, choices=Party.choices, blank=True, default=""
    )
    root_cause = models.CharField(_("root cause"), max_length=300, blank=True, default="")
    lesson = models.CharField(
        _("lesson learnt"), max_length=500, blank=True, default="", help_text=_("What to change.")
    )
    tags = ArrayField(
        models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True
    )
    external_id = models.CharField(_("caller's own number"), max_length=100, blank=True, default="")
    reopened_count = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    urged_count = models.PositiveSmallIntegerField(_("times urged"), default=0)
    last_urged_at = models.DateTimeField(_("last urged"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )

    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"))
    updated_at = models.DateTimeField(_("last activity"))
    last_inbound_at = models.DateTimeField(_("customer wrote last"), null=True, blank=True)
    first_response_at = models.DateTimeField(_("first answered"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    assessed_at = models.DateTimeField(_("assessed"), null=True, blank=True)
    routed_at = models.DateTimeField(_("routed"), null=True, blank=True)
    investigated_at = models.DateTimeField(_("investigated"), null=True, blank=True)
    proposed_at = models.DateTimeField(_("proposed"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    carried_out_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    result_told_at = models.DateTimeField(_("result told"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    rated_at = models.DateTimeField(_("rated"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = TicketQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("-updated_at", "-id")
        default_permissions = ("view",)
        permissions = [
            ("view_all_tickets", "Sees every department's cases"),
            ("create_ticket", "Can record a case"),
            ("relay_ticket", "Can pass on what a customer said elsewhere"),
            ("work_ticket", "Can assess, route, resolve and reopen"),
            ("reply_ticket", "Can answer the customer"),
            ("note_ticket", "Can write internal notes"),
            ("attach_ticket", "Can add files"),
            ("investigate_ticket", "Can investigate"),
            ("propose_ticket", "Can propose and carry out remedies"),
            ("close_ticket", "Can close"),
            ("merge_ticket", "Can merge, split and link"),
            ("assign_ticket", "Can assign cases to others"),
            ("bulk_ticket", "Can change several cases at once"),
            ("import_ticket", "Can import files of reviews"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=TicketStatus.values), name="ticket_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False),
                name="ticket_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(result_told_at__isnull=False),
                name="ticket_closed_after_result_told",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["resolved", "closed"]) | Q(resolved_at__isnull=False),
                name="ticket_resolved_has_time",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values, priority__in=Priority.values),
                name="ticket_kind_and_priority_known",
            ),
            # Named here, ``unique=True`` would bring a second index for LIKE; so for mails, too.
            models.UniqueConstraint(fields=["number"], name="ticket_number_unique"),
            models.UniqueConstraint(
                fields=["created_by", "external_id"],
                condition=~Q(external_id=""),
                name="ticket_external_id_unique",
            ),
        ]
        indexes = [
            # The columns after the key let rare combinations of filters be told apart in the index.
            models.Index(
                fields=["-updated_at", "-id", "status", *FILTER_COLUMNS], name="ticket_by_activity"
            ),
            models.Index(fields=["received_at"], name="ticket_by_arrival"),
            models.Index(fields=["department", "-updated_at", "-id"], name="ticket_by_department"),
            models.Index(
                fields=["department", "due_at", "id"],
                condition=Q(status__in=OPEN_STATUSES),
                name="ticket_open_dept_due",
            ),
            models.Index(
                fields=["due_at", "id", "status", *FILTER_COLUMNS],
                condition=Q(status__in=OPEN_STATUSES),
                name="ticket_open_due",
            ),
            models.Index(
                fields=["assignee", "due_at", "id"],
                condition=Q(status__in=OPEN_STATUSES),
                name="ticket_open_assignee",
            ),
            models.Index(fields=["assignee", "-updated_at", "-id"], name="ticket_by_assignee"),
            models.Index(fields=["customer", "-received_at"], name="ticket_by_customer"),
            models.Index(fields=["status", "-updated_at", "-id"], name="ticket_by_status"),
            models.Index(
                fields=["resolved_at"], condition=Q(status="resolved"), name="ticket_to_close"
            ),
            GinIndex(fields=["tags"], name="ticket_tags"),
        ]
        triggers = [Journaled("id")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_finished(self) -> bool:
        return TicketStatus(self.status) not in UNFINISHED

    @property
    def customer_status(self) -> str:
        """The status in the customer's words."""
        return TicketStatus(self.status).customer_label


class TicketLink(AuditedModel):
    """Two cases belong together: «ticket is <kind> target». Undone by a stamp, never removed."""

    kind = models.CharField(_("relation"), max_length=10, choices=LinkKind.choices)
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="links_out", verbose_name=_("case")
    )
    target = models.ForeignKey(
        Ticket, models.PROTECT, related_name="links_in", verbose_name=_("other case")
    )
    prior_status = models.CharField(
        _("status before"), max_length=10, choices=TicketStatus.choices, blank=True
    )
    moved_messages = ArrayField(
        models.BigIntegerField(), verbose_name=_("moved messages"), default=list, blank=True
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("since"))
    canceled_at = models.DateTimeField(_("undone"), null=True, blank=True)
    canceled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )

    objects = LinkQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=~Q(ticket=F("target")), name="link_two_cases"),
            models.CheckConstraint(condition=Q(kind__in=LinkKind.values), name="link_kind_known"),
            models.UniqueConstraint(
                fields=["ticket", "target", "kind"],
                condition=Q(canceled_at=None),
                name="link_once",
            ),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(kind="merged", canceled_at=None),
                name="link_merged_into_one",
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.ticket} {self.get_kind_display()} {self.target}"


class Watcher(AuditedModel):
    """A person follows a case; following also lets people of other departments see it."""

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="watchers", verbose_name=_("case")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="watching", verbose_name=_("person")
    )
    since = models.DateTimeField(_("since"))

    history = History()

    class Meta:
        verbose_name = _("watcher")
        verbose_name_plural = _("watchers")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["ticket", "user"], name="watcher_once"),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.user} → {self.ticket}"


class Presence(models.Model):
    """Who has a case open right now; a notice, not a lock, and not a record."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    is_writing = models.BooleanField(default=False)

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["ticket", "user"], name="presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} @ {self.ticket}"


class TicketSearch(models.Model):
    """Words and Chinese bigrams of a case (``tickets.search``); derived, so not audited."""

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, primary_key=True, related_name="search_entry"
    )
    vector = SearchVectorField()

    class Meta:
        default_permissions = ()
        indexes = [GinIndex(fields=["vector"], name="ticket_search_gin", fastupdate=False)]

    def __str__(self) -> str:
        return f"search {self.pk}"
