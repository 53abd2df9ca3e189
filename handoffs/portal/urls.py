"""Addresses outsiders see."""

from django.urls import path

from handoffs.portal import views

urlpatterns = [
    path("h/<str:token>/", views.party_page, name="party_page"),
    path("h/<str:token>/answer/", views.answer, name="party_answer"),
    path("h/<str:token>/ask-back/", views.ask_back, name="party_ask_back"),
    path("h/<str:token>/files/<int:file_id>/", views.file, name="party_file"),
]
