"""Addresses of legs, templates, responsibilities and examples."""

from __future__ import annotations

from django.urls import path, register_converter

from handoffs.api import views


class HandoffNumberConverter:
    """A number such as H-000123."""

    regex = "H-[0-9]{6,10}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(HandoffNumberConverter, "handoff")

VERBS = {
    "accept": views.AcceptHandoffView,
    "assign": views.AssignHandoffView,
    "answer": views.AnswerHandoffView,
    "return": views.ReturnHandoffView,
    "decline": views.DeclineHandoffView,
    "resend": views.ResendHandoffView,
    "reroute": views.RerouteHandoffView,
    "withdraw": views.WithdrawHandoffView,
    "close": views.CloseHandoffView,
    "link": views.LinkView,
    "link/revoke": views.RevokeLinkView,
}

urlpatterns = [
    path("handoffs/", views.HandoffListView.as_view(), name="api-handoffs"),
    path("handoffs/<handoff:number>/", views.HandoffView.as_view(), name="api-handoff"),
    *(
        path(
            f"handoffs/<handoff:number>/{verb}/",
            view.as_view(),
            name=f"api-handoff-{verb.replace('/', '-')}",
        )
        for verb, view in VERBS.items()
    ),
    path(
        "tickets/<case:number>/handoffs/",
        views.TicketHandoffsView.as_view(),
        name="api-ticket-handoffs",
    ),
    path(
        "tickets/<case:number>/example/",
        views.ProposeExampleView.as_view(),
        name="api-ticket-example",
    ),
    path("handoff-templates/", views.TemplateListView.as_view(), name="api-handoff-templates"),
    path(
        "responsibility-rules/",
        views.ResponsibilityListView.as_view(),
        name="api-responsibility-rules",
    ),
    path("examples/", views.ExampleListView.as_view(), name="api-examples"),
    path(
        "examples/<id:example_id>/approve/",
        views.ApproveExampleView.as_view(),
        name="api-example-approve",
    ),
    path(
        "examples/<id:example_id>/withdraw/",
        views.WithdrawExampleView.as_view(),
        name="api-example-withdraw",
    ),
]
