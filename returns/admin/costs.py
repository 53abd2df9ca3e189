"""The cost report of compensations: a period, its sums, the budgets, and a file of it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.spreadsheet import guard
from returns.policies import can_see_costs
from returns.queries.costs import (
    Cost,
    budgets,
    compensation_costs,
    party_words,
    period_of,
    summed,
)
from staff.requests import person

SUMMARIES: Final[tuple[tuple[Any, Callable[[Cost], str]], ...]] = (
    (gettext_lazy("By compensation"), lambda cost: cost.name),
    (gettext_lazy("By department"), lambda cost: cost.department_name),
    (gettext_lazy("By responsible party"), lambda cost: party_words(cost.party)),
    (gettext_lazy("By month"), lambda cost: date_format(cost.month, "YEAR_MONTH_FORMAT")),
)


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PeriodForm(forms.Form):
    """First and last day, both included; the last three months when nothing is said."""

    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=date_input())
    until = forms.DateField(label=gettext_lazy("Up to"), required=False, widget=date_input())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            return data | {"period": period_of(data.get("since"), data.get("until"))}
        except RuleViolated as refusal:
            self.add_error(refusal.field, str(refusal))
        return data


def urls(site: AdminSite) -> list[URLPattern]:
    """Addresses below /admin/returns/compensationgrant/."""
    view = site.admin_view
    return [
        path("costs/", view(costs_view), name="returns_compensation_costs"),
        path("costs.csv", view(costs_file_view), name="returns_compensation_costs_file"),
    ]


def costs_view(request: HttpRequest) -> HttpResponse:
    """Sums of the period and the budgets of today."""
    form, costs = _asked(request)
    request.current_app = admin.site.name
    context = {
        **admin.site.each_context(request),
        "title": _("Cost of compensations"),
        "is_fullwidth": "1",
        "form": form,
        "summaries": [(title, summed(costs, name_of)) for title, name_of in SUMMARIES],
        "totals": summed(costs, lambda _cost: ""),
        "budgets": budgets(),
        "query": request.GET.urlencode(),
    }
    status = 200 if form.is_valid() else 422
    return TemplateResponse(request, "returns/costs.html", context, status=status)


def costs_file_view(request: HttpRequest) -> HttpResponse:
    """The period in full as CSV, with a mark that spreadsheets need to see UTF-8."""
    form, costs = _asked(request)
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=422, content_type="text/plain")
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="compensation-costs.csv"'
    response["Cache-Control"] = "no-store"
    writer = csv.writer(response)
    writer.writerow(
        [
            _("Month"),
            _("Code"),
            _("Compensation"),
            _("Department"),
            _("Responsible party"),
            _("Count"),
            _("Amount"),
            _("Currency"),
        ]
    )
    writer.writerows(_rows(costs))
    return response


def _rows(costs: Iterable[Cost]) -> Iterable[tuple[Any, ...]]:
    for one in costs:
        party = party_words(one.party)
        told = (one.code, one.name, one.department_name, party)
        yield (f"{one.month:%Y-%m}", *map(guard, told), one.count, one.amount, one.currency)


def _asked(request: HttpRequest) -> tuple[PeriodForm, list[Cost]]:
    """The period asked for with its costs; none of an impossible period."""
    user = person(request)
    if not can_see_costs(user):
        raise PermissionDenied
    form = PeriodForm(request.GET)
    costs = compensation_costs(user, *form.cleaned_data["period"].bounds) if form.is_valid() else []
    return form, costs
