"""The inbox of a department and the page of one leg."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display

from aftersales.kernel.admin import ReadOnlyAdmin
from aftersales.kernel.clock import now
from handoffs.admin.case_panel import TONES, link_of, shown_lanes, shown_leg
from handoffs.models import Handoff
from handoffs.queries.inbox import counts, places_of
from handoffs.queries.lanes import legs_of
from handoffs.statuses import LIVE, HandoffStatus
from staff.requests import person
from tickets import words
from tickets.admin.case_panels import case_url
from tickets.queries.counting import shown


class PlaceFilter(admin.SimpleListFilter):
    """The tab that is open; drawn above the list, not beside it."""

    title = pgettext_lazy("hand-over", "place")
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(place.code, place.label) for place in places_of(person(request))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        user = person(request)
        places = {place.code: place for place in places_of(user)}
        place = places.get(self.value() or "") or next(iter(places.values()))
        return queryset & place.rows(user)


@admin.register(Handoff)
class HandoffAdmin(ReadOnlyAdmin):
    """Legs, nearest clock first; everything done to them is a verb of their case."""

    when_empty = _(
        "What was asked of another department shows here. Ask on the page of a case; other "
        "views are above."
    )
    list_display = ("due", "leg", "case", "about", "state", "who", "assignee")
    list_display_links = None
    list_select_related = ("ticket", "template", "from_department", "to_department", "assignee")
    list_filter = (PlaceFilter, "kind", "template")
    list_before_template = "handoffs/_places.html"
    search_fields = ("number__exact", "ticket__number__exact", "party_name")
    search_help_text = _("Number of hand-over or case, outsider")

    def get_ordering(self, request: HttpRequest) -> Any:
        return [F("due_at").asc(nulls_last=True), "id"]

    @display(description=_("due"))
    def due(self, leg: Handoff) -> SafeString:
        due = words.due_words(leg.due_at if leg.status in LIVE else None, now())
        return format_html('<span class="d-tone {}">{}</span>', due.tone, due.text)

    @display(description=_("hand-over"))
    def leg(self, leg: Handoff) -> SafeString:
        return format_html(
            '<a class="d-strong" href="{}">{}</a>',
            reverse("admin:handoffs_handoff_change", args=[leg.pk]),
            leg.number,
        )

    @display(description=_("case"))
    def case(self, leg: Handoff) -> SafeString:
        return format_html(
            '<a href="{}">{}</a> {}',
            case_url(leg.ticket.number),
            leg.ticket.number,
            leg.ticket.subject[:50],
        )

    @display(description=_("about"))
    def about(self, leg: Handoff) -> str:
        return f"{leg.template}: {leg.question[:60]}"

    @display(description=_("status"))
    def state(self, leg: Handoff) -> SafeString:
        return format_html(
            '<span class="d-chip {}">{}</span>',
            TONES[HandoffStatus(leg.status)],
            leg.get_status_display(),
        )

    @display(description=_("from and to"))
    def who(self, leg: Handoff) -> str:
        return f"{leg.from_department} → {leg.receiver}"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        user = person(request)
        places, found = places_of(user), counts(user)
        current = request.GET.get("place", "")
        if current not in [place.code for place in places]:
            current = places[0].code
        tabs = [
            {
                "label": place.label,
                "url": f"?place={place.code}",
                "count": shown(found[place.code]),
                "is_current": place.code == current,
            }
            for place in places
        ]
        shown_with = {**(extra_context or {}), "places": tabs}
        response: HttpResponse = super().changelist_view(request, shown_with)
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One leg: what was asked, said and sent, who it waited on, and what can be done."""
        user = person(request)
        found: Handoff = self.in_scope(request, object_id)
        leg = next(one for one in legs_of(found.ticket, user) if one.pk == found.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{leg.number} {leg.template}",
            "opts": self.opts,
            "item": shown_leg(leg, user),
            "leg": leg,
            "ticket": leg.ticket,
            "lanes": shown_lanes([leg]),
            "link": link_of(leg, user),
            "is_alone": True,
        }
        return TemplateResponse(request, "handoffs/leg.html", context)
