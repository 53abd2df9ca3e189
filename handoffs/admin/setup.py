"""Templates of questions, and the grid of responsibilities."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import DeskAdmin, ReadOnlyAdmin, ReasonForm
from aftersales.kernel.errors import DomainError, RuleViolated
from handoffs.choices import Part
from handoffs.fields import check_fields
from handoffs.forms import CellForm
from handoffs.models import HandoffTemplate, ResponsibilityRule
from handoffs.policies import can_set_responsibility
from handoffs.queries.responsibility import grid
from handoffs.services.responsibility import set_responsibility
from staff.requests import person
from tickets.models import Category
from tickets.steps import Step

EVERY_TOPIC = "all"
EXAMPLE = json.dumps(
    [{"name": "batch", "type": "text", "label": "Batch", "label_zh": "批次", "required": True}],
    ensure_ascii=False,
)


class TemplateForm(ReasonForm):
    """The two forms of a template are checked field by field."""

    def clean_ask_fields(self) -> Any:
        return self._fields_of("ask_fields")

    def clean_answer_fields(self) -> Any:
        return self._fields_of("answer_fields")

    def _fields_of(self, name: str) -> Any:
        try:
            return check_fields(self.cleaned_data[name] or [], at=name)
        except RuleViolated as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal


@admin.register(HandoffTemplate)
class HandoffTemplateAdmin(DeskAdmin):
    """What can be asked of whom; a template in use is taken out of use, not removed."""

    when_empty = _(
        "Templates say what is asked of a department and with which fields. The shipped "
        "ones come with manage.py migrate; add your own here."
    )
    form = TemplateForm
    list_display = ("label", "code", "kind", "target_kind", "pauses_case", "is_active")
    list_filter = ("is_active", "kind")
    search_fields = ("code", "name", "name_zh")
    search_help_text = _("Code or name")
    fieldsets = (
        (None, {"fields": (("name", "name_zh"), ("code", "kind"), ("position", "is_active"))}),
        (
            _("Where it goes"),
            {"fields": (("target_kind", "target_department"), "pauses_case")},
        ),
        (
            _("Forms"),
            {
                "fields": ("ask_fields", "answer_fields"),
                "description": _(
                    "Lists of fields; types are text, number, date, choice, file and boolean:"
                ),
            },
        ),
    )

    @admin.display(description=_("name"), ordering="name")
    def label(self, template: HandoffTemplate) -> str:
        return str(template)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """An example of a field stands beside the words; data, so not translated."""
        fieldsets = super().get_fieldsets(request, obj)
        last_title, last = fieldsets[-1]
        about = f"{last['description']} {EXAMPLE}"
        return (*fieldsets[:-1], (last_title, {**last, "description": about}))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Rules of time name the code; legs under way have the kind."""
        return ("code", "kind") if obj else ()


@admin.register(ResponsibilityRule)
class ResponsibilityRuleAdmin(ReadOnlyAdmin):
    """Topics down, steps across; each cell says R, A, C and I, an empty one inherits."""

    def get_urls(self) -> list[URLPattern]:
        cell = self.admin_site.admin_view(self.cell_view)
        own = [path("cell/<str:topic>/<slug:step>/", cell, name="handoffs_responsibilityrule_cell")]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        rows = [
            {
                "topic": row.category.pk if row.category else EVERY_TOPIC,
                "name": str(row.category) if row.category else _("Every topic"),
                "depth": row.category.path.count("/") + 1 if row.category else 0,
                "cells": [
                    (step.value, step.label, _words(row.cells.get(step.value, {}))) for step in Step
                ],
            }
            for row in grid()
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Responsibilities"),
            "opts": self.opts,
            "steps": [step.label for step in Step],
            "rows": rows,
            "parts": Part.choices,
            "may_change": can_set_responsibility(person(request)),
        }
        return TemplateResponse(request, "handoffs/grid.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One part of a cell is read in the grid."""
        self.in_scope(request, object_id)
        return redirect("admin:handoffs_responsibilityrule_changelist")

    def cell_view(self, request: HttpRequest, topic: str, step: str) -> HttpResponse:
        """Say who has which part in one step of one topic."""
        if not can_set_responsibility(person(request)):
            raise PermissionDenied
        category = _topic(topic)
        if step not in Step.values:
            raise Http404
        rows = ResponsibilityRule.objects.filter(category=category, step=step)
        form = CellForm(request.POST or None, initial=_initial(list(rows)))
        if request.method == "POST" and form.is_valid():
            try:
                set_responsibility(category, step, form.parts(), actor=person(request))
            except DomainError as refusal:
                form.add_error(
                    refusal.field if refusal.field in form.fields else None, str(refusal)
                )
            else:
                messages.success(request, _("Responsibilities changed."))
                return redirect("admin:handoffs_responsibilityrule_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": f"{category or _('Every topic')} · {Step(step).label}",
            "opts": self.opts,
            "form": form,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "handoffs/cell.html", context, status=status)


def _topic(text: str) -> Category | None:
    if text == EVERY_TOPIC:
        return None
    found = Category.objects.filter(pk=text).first() if text.isdecimal() else None
    if found is None:
        raise Http404
    return found


def _words(cell: dict[str, list[Any]]) -> list[tuple[str, str, str]]:
    """(letter, word, departments) in the order R A C I."""
    return [
        (part.value, str(part.label), ", ".join(str(one) for one in cell[part.value]))
        for part in Part
        if part.value in cell
    ]


def _initial(rows: list[ResponsibilityRule]) -> dict[str, Any]:
    initial: dict[str, Any] = {"C": [], "I": []}
    for row in rows:
        if row.part in ("C", "I"):
            initial[row.part].append(row.department_id)
        else:
            initial[row.part] = row.department_id
    return initial
