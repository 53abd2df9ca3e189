"""Addresses of cases."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, register_converter

from tickets.api.views import cases, conversation, handling, joining, promises, work


class NumberConverter:
    """A case number such as T-000123."""

    regex = "T-[0-9]{6,10}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "case")


def of_case(rest: str, view: type[Any]) -> URLPattern:
    """An address below one case, named after itself."""
    name = "-".join(part for part in rest.strip("/").split("/") if "<" not in part)
    address: URLPattern = path(
        f"tickets/<case:number>/{rest}", view.as_view(), name=f"api-ticket-{name}"
    )
    return address


urlpatterns = [
    path("tickets/", cases.TicketListView.as_view(), name="api-tickets"),
    path("tickets/<case:number>/", cases.TicketView.as_view(), name="api-ticket"),
    path("macros/", cases.MacroListView.as_view(), name="api-macros"),
    of_case("steps/", cases.StepsView),
    of_case("gates/", cases.GatesView),
    of_case("events/", cases.EventsView),
    of_case("messages/", conversation.MessageListView),
    of_case("customer-messages/", conversation.CustomerMessageView),
    of_case("messages/<id:message_id>/undo/", conversation.UndoView),
    of_case("messages/<id:message_id>/hide/", conversation.HideView),
    of_case("messages/<id:message_id>/show/", conversation.ShowView),
    of_case("reply/", conversation.ReplyView),
    of_case("note/", conversation.NoteView),
    of_case("attachments/", conversation.AttachmentListView),
    path(
        "tickets/<case:number>/attachments/<id:attachment_id>/",
        conversation.AttachmentView.as_view(),
        name="api-ticket-attachment",
    ),
    of_case("acknowledge/", handling.AcknowledgeView),
    of_case("assess/", handling.AssessView),
    of_case("details/", handling.DetailsView),
    of_case("name-customer/", handling.NameCustomerView),
    of_case("route/", handling.RouteView),
    of_case("assign/", handling.AssignView),
    of_case("wait/", handling.WaitView),
    of_case("resume/", handling.ResumeView),
    of_case("result/", handling.ResultView),
    of_case("resolve/", handling.ResolveView),
    of_case("reopen/", handling.ReopenView),
    of_case("close/", handling.CloseView),
    of_case("cancel/", handling.CancelView),
    of_case("urge/", handling.UrgeView),
    of_case("learn/", handling.LearnView),
    of_case("rate/", handling.RateView),
    of_case("watch/", handling.WatchView),
    of_case("unwatch/", handling.UnwatchView),
    of_case("macros/<id:macro_id>/apply/", handling.MacroView),
    of_case("status-link/", handling.StatusLinkView),
    of_case("status-link/revoke/", handling.RevokeLinkView),
    of_case("investigations/", work.InvestigationListView),
    of_case("investigations/<id:investigation_id>/evidence/", work.EvidenceView),
    of_case("investigations/<id:investigation_id>/conclude/", work.ConcludeView),
    of_case("investigations/<id:investigation_id>/drop/", work.DropView),
    of_case("propose/", work.ProposeView),
    of_case("proposals/", work.ProposalListView),
    of_case("proposals/<id:proposal_id>/accept/", work.AcceptView),
    of_case("proposals/<id:proposal_id>/decline/", work.DeclineView),
    of_case("proposals/<id:proposal_id>/withdraw/", work.WithdrawView),
    of_case("proposals/<id:proposal_id>/carry-out/", work.CarryOutView),
    of_case("clocks/", promises.ClocksView),
    of_case("follow-ups/", work.FollowUpListView),
    of_case("follow-ups/<id:follow_up_id>/complete/", work.CompleteView),
    of_case("follow-ups/<id:follow_up_id>/cancel/", work.CancelFollowUpView),
    of_case("links/", joining.LinkListView),
    of_case("links/<id:link_id>/unlink/", joining.UnlinkView),
    of_case("link/", joining.LinkView),
    of_case("merge/", joining.MergeView),
    of_case("unmerge/", joining.UnmergeView),
    of_case("split/", joining.SplitView),
    of_case("unsplit/", joining.UnsplitView),
]
