"""The people of the desk and how they are organised."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.localized import localized
from staff.querysets import DelegationQuerySet, UserManager
from staff.roles import Role, permissions_of


class DepartmentKind(models.TextChoices):
    """What a department does for a case."""

    SERVICE = "service", _("Customer service")
    LOGISTICS = "logistics", _("Logistics")
    WAREHOUSE = "warehouse", _("Warehouse")
    QUALITY = "quality", _("Quality")
    SUPPLY = "supply", _("Supply")
    TECHNICAL = "technical", _("Technical")
    FINANCE = "finance", _("Finance")
    MARKETING = "marketing", _("Marketing")
    LEGAL = "legal", _("Legal")


class Language(models.TextChoices):
    """Languages people and customers are addressed in."""

    ZH = "zh-hans", "简体中文"
    EN = "en", "English"


class Department(AuditedModel):
    """A part of the firm that owns cases; cases outside it are not visible to its people."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name (English)"), max_length=80)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=DepartmentKind.choices)
    is_active = models.BooleanField(_("in use"), default=True)

    history = History()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=DepartmentKind.values), name="department_kind_known"
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return localized(self.name, self.name_zh)


class Team(AuditedModel):
    """A queue inside a department."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="teams", verbose_name=_("department")
    )
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name (English)"), max_length=80)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    is_active = models.BooleanField(_("in use"), default=True)

    history = History()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("department__code", "code")
        triggers = [Journaled()]

    def __str__(self) -> str:
        return localized(self.name, self.name_zh)


class User(AuditedModel, AbstractUser):
    """A person or a named machine. Deactivated when leaving, never deleted."""

    # Columns of Django's own permission tables are not used: roles are code (staff.roles).
    groups = None  # type: ignore[assignment]
    user_permissions = None  # type: ignore[assignment]
    # Signing in is not a change of the person; without the column Django writes none. The login
    # itself is on record with django-axes.
    last_login = None
    # Nobody is above the rules: an administrator is a role like the others.
    is_superuser = False

    display_name = models.CharField(_("display name"), max_length=80, blank=True)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), verbose_name=_("roles"), default=list
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("department"),
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("team")
    )
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ZH
    )
    works_in = ArrayField(
        models.CharField(max_length=10, choices=Language.choices),
        verbose_name=_("answers customers in"),
        default=list,
        blank=True,
    )
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), default=30, help_text=_("Open cases this person can carry.")
    )

    objects: ClassVar[UserManager] = UserManager()
    history = History(excluded_fields=["password"])

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("username",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=Role.values), name="user_roles_known"
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def audit_name(self) -> str:
        """How the trail names this person for ever: the display name and the login."""
        return f"{self.display_name} ({self.username})" if self.display_name else self.username

    def get_full_name(self) -> str:
        return str(self)

    @property
    def is_machine(self) -> bool:
        return not self.roles or Role.SERVICE_ACCOUNT in self.roles

    @property
    def is_staff(self) -> bool:  # type: ignore[override]
        """May sign in to the desk: any person with a role."""
        return bool(self.roles) and Role.SERVICE_ACCOUNT not in self.roles

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """As ``RoleBackend`` says; a page asks some hundred times, too often to load backends."""
        return self.is_active and perm in permissions_of(self.roles)

    def has_role(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)


class Absence(AuditedModel):
    """A person is away; the deputy gets what would have gone there. Times in UTC, end exclusive."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name=_("person")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deputizes",
        verbose_name=_("deputy"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    history = History()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("-starts_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="absence_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=~models.Q(deputy=models.F("user")),
                name="absence_deputy_is_another",
                violation_error_message=_("The deputy must be somebody else."),
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.user} {self.starts_at:%Y-%m-%d} – {self.ends_at:%Y-%m-%d}"


class Delegation(AuditedModel):
    """``giver`` lets ``delegate`` approve in their name for a while; both names are kept.

    It passes on what the giver's own roles allow, never what was delegated to the giver. Above
    ``limit`` (in ``currency``) the giver has to decide; without one the giver's own bounds apply.
    """

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="delegations",
        verbose_name=pgettext_lazy("delegation", "from"),
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("delegation", "to"),
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    limit = models.DecimalField(_("up to"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=200)
    is_revoked = models.BooleanField(_("taken back"), default=False)

    objects = DelegationQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        default_permissions = ("view", "add", "change")
        ordering = ("-starts_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="delegation_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=~models.Q(delegate=models.F("giver")),
                name="delegation_to_another",
                violation_error_message=_("It must go to somebody else."),
            ),
            models.CheckConstraint(
                condition=models.Q(limit=None) | (models.Q(limit__gt=0) & ~models.Q(currency="")),
                name="delegation_limit_has_currency",
                violation_error_message=_("A limit needs a currency."),
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.giver} → {self.delegate}"
