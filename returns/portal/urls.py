"""Addresses of goods on the status page."""

from django.urls import path, re_path

from returns.portal import views

urlpatterns = [
    path("s/<str:token>/returns/", views.ask, name="status_return"),
    path("s/<str:token>/returns/<str:number>/label/", views.label, name="status_return_label"),
    re_path(
        r"^s/(?P<token>[^/]+)/returns/(?P<number>RMA-[0-9]+)/(?P<verb>cancel|send|appeal)/$",
        views.act,
        name="status_return_act",
    ),
]
