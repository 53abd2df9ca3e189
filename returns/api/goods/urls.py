"""Addresses of goods coming back."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, register_converter

from returns.api.goods import bench, views


class RmaConverter:
    """A return's number such as RMA-000123."""

    regex = "RMA-[0-9]{6,10}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RmaConverter, "rma")


def at(route: str, view: type[Any], name: str) -> URLPattern:
    address: URLPattern = path(route, view.as_view(), name=f"api-{name}")
    return address


def of_return(rest: str, view: type[Any]) -> URLPattern:
    return at(f"returns/<rma:number>/{rest}/", view, f"return-{rest}")


def of_row(kind: str, rest: str, view: type[Any]) -> URLPattern:
    return at(f"{kind}/<id:row_id>/{rest}/", view, f"{kind}-{rest}")


urlpatterns = [
    at("tickets/<case:number>/returns/", views.AskView, "ticket-returns"),
    at("tickets/<case:number>/compensations/", views.GrantView, "ticket-compensations"),
    at("compensations/costs/", views.CostsView, "compensation-costs"),
    at("returns/", views.ReturnListView, "returns"),
    at("returns/<rma:number>/", views.ReturnView, "return"),
    of_return("sheet", views.SheetView),
    of_return("authorize", views.AuthorizeView),
    of_return("decline", views.DeclineView),
    of_return("review", views.ReviewView),
    of_return("appeal", views.AppealView),
    of_return("cancel", views.CancelView),
    of_return("parcels", views.ParcelView),
    of_return("receive", bench.ReceiveView),
    of_return("unexpected", bench.UnexpectedView),
    of_return("replace", views.ReplaceView),
    of_return("settle", views.SettleView),
    of_return("close", views.CloseView),
    of_row("return-items", "inspect", bench.InspectView),
    of_row("return-items", "waive", bench.WaiveView),
    of_row("return-items", "missing", bench.MissingView),
    of_row("return-items", "repair", bench.PlanRepairView),
    of_row("unexpected-items", "decide", bench.DecideUnexpectedView),
    of_row("repairs", "quote", bench.QuoteView),
    of_row("repairs", "consent", bench.ConsentView),
    of_row("repairs", "start", bench.StartRepairView),
    of_row("repairs", "parts", bench.PartsView),
    of_row("repairs", "finish", bench.FinishRepairView),
    of_row("reimbursements", "void", views.VoidView),
    of_row("reimbursements", "ask-again", views.AskAgainView),
    of_row("compensations", "withdraw", views.WithdrawGrantView),
    at("shop-instructions/", bench.InstructionListView, "shop-instructions"),
    of_row("shop-instructions", "confirm", bench.ConfirmView),
    of_row("shop-instructions", "complete", bench.CompleteView),
    of_row("shop-instructions", "difference-paid", bench.DifferencePaidView),
    of_row("shop-instructions", "cancel", bench.CancelInstructionView),
    at("carriers/<slug:code>/notify/", bench.CarrierNewsView, "carrier-news"),
]
