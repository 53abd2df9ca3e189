"""Addresses of money."""

from django.urls import path

from aftersales.kernel.api import DeskView
from returns.api import money_views as views
from returns.api.notify import SandboxNotifyView


def verb(name: str, view: type[DeskView]) -> object:
    return path(f"refunds/<slug:number>/{name}/", view.as_view(), name=f"api-refund-{name}")


urlpatterns = [
    path("refunds/", views.RefundListView.as_view(), name="api-refunds"),
    path("refunds/outside/", views.OutsideView.as_view(), name="api-refund-outside"),
    path("refunds/<slug:number>/", views.RefundView.as_view(), name="api-refund"),
    verb("change", views.ChangeView),
    verb("submit", views.SubmitView),
    verb("approve", views.ApproveView),
    verb("decline", views.DeclineView),
    verb("ask-back", views.AskBackView),
    verb("cancel", views.CancelView),
    verb("release", views.ReleaseView),
    verb("transfer", views.TransferView),
    verb("confirm", views.ConfirmView),
    verb("reject", views.RejectView),
    path("differences/", views.DifferenceListView.as_view(), name="api-differences"),
    path(
        "differences/<id:item_id>/resolve/",
        views.ResolveView.as_view(),
        name="api-difference-resolve",
    ),
    path(
        "customers/<id:customer_id>/store-credit/redeem/",
        views.RedeemView.as_view(),
        name="api-store-credit-redeem",
    ),
    path(
        "gateways/sandbox/notify/", SandboxNotifyView.as_view(), name="api-gateway-sandbox-notify"
    ),
]
