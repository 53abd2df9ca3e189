"""Addresses customers see."""

from django.urls import path

from tickets.portal import contact, views

urlpatterns = [
    path("s/<str:token>/", views.status_page, name="status_page"),
    path("s/<str:token>/message/", views.write, name="status_write"),
    path("s/<str:token>/proposals/<int:proposal_id>/", views.answer, name="status_answer"),
    path("s/<str:token>/urge/", views.press, name="status_urge"),
    path("s/<str:token>/rate/", views.give_rating, name="status_rate"),
    path("s/<str:token>/no-surveys/", views.no_surveys, name="status_no_surveys"),
    path("s/<str:token>/files/<int:file_id>/", views.file, name="status_file"),
    path(
        "s/<str:token>/files/<int:file_id>/small/",
        views.file,
        {"is_small": True},
        name="status_thumbnail",
    ),
    path("contact/", contact.contact, name="contact"),
    path("contact/thanks/", contact.thanks, name="contact_thanks"),
    path("contact/<slug:shop_code>/", contact.contact, name="contact_shop"),
]
