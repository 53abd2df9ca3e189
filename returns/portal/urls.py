"""Addresses of goods on the status page."""

from django.urls import path

from returns.portal import views

urlpatterns = [
    path("s/<str:token>/returns/", views.ask, name="status_return"),
    path("s/<str:token>/returns/<str:number>/label/", views.label, name="status_return_label"),
    path("s/<str:token>/returns/<str:number>/<slug:verb>/", views.act, name="status_return_act"),
]
