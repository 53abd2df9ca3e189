"""What administrators set up: templates of questions, and who has which part in a step."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.localized import localized
from handoffs.choices import HandoffKind, Part
from handoffs.querysets import RuleQuerySet, TemplateQuerySet
from staff.models import Department, DepartmentKind
from tickets.models import Category
from tickets.steps import Step


class HandoffTemplate(AuditedModel):
    """A kind of question with its forms (``handoffs.fields``): what is asked, what is answered.

    Legs keep the forms they were sent with, so a change here touches none under way.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name (English)"), max_length=80)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=HandoffKind.choices)
    target_kind = models.CharField(
        _("goes to a department for"),
        max_length=12,
        choices=DepartmentKind.choices,
        blank=True,
        default="",
    )
    target_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("goes to"),
    )
    ask_fields = models.JSONField(_("fields of the question"), default=list, blank=True)
    answer_fields = models.JSONField(_("fields of the answer"), default=list, blank=True)
    pauses_case = models.BooleanField(
        _("puts the case on hold"),
        default=False,
        help_text=_("While it is under way the case waits for others."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = TemplateQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("hand-over template")
        verbose_name_plural = _("hand-over templates")
        ordering = ("position", "code")
        default_permissions = ("view", "add", "change")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=HandoffKind.values), name="handoff_template_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="transfer") | Q(pauses_case=False),
                name="handoff_transfer_holds_nothing",
                violation_error_message=_("A transfer does not put the case on hold."),
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return localized(self.name, self.name_zh)


class ResponsibilityRule(AuditedModel):
    """One department's part in one step for one topic; a topic without rows inherits its parent's.

    No topic means all of them.
    """

    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    step = models.CharField(_("step"), max_length=15, choices=Step.choices)
    part = models.CharField(_("part"), max_length=1, choices=Part.choices)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("department")
    )

    objects = RuleQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        ordering = ("category__path", "step", "part", "department__code")
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=Step.values, part__in=Part.values),
                name="responsibility_step_and_part_known",
            ),
            models.UniqueConstraint(
                fields=["category", "step", "part", "department"], name="responsibility_once"
            ),
            models.UniqueConstraint(
                fields=["step", "part", "department"],
                condition=Q(category=None),
                name="responsibility_once_everywhere",
            ),
            models.UniqueConstraint(
                fields=["category", "step", "part"],
                condition=Q(part__in=["R", "A"]),
                name="responsibility_one_owner",
            ),
            models.UniqueConstraint(
                fields=["step", "part"],
                condition=Q(category=None, part__in=["R", "A"]),
                name="responsibility_one_owner_everywhere",
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        topic = self.category if self.category else "*"
        return f"{topic} · {self.get_step_display()} · {self.part} {self.department}"
