"""What a person sees where there is no page: why, what to do, and a way back."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import path, reverse
from django.utils import translation

from aftersales import urls
from tests.factories.people import make_user

BACK_TO_DESK = '<a class="button" href="/admin/">Back to the desk</a>'
CSRF = "You signed in again in another tab, or this page was open for too long."


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


def closed(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns = [
    path("admin/broken/", broken),
    path("broken/", broken),
    path("closed/", closed),
    *urls.urlpatterns,
]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


def client() -> Client:
    return Client(headers={"accept-language": "en"}, raise_request_exception=False)


def write_to_us() -> str:
    return f'<a class="button" href="{reverse("contact")}">Write to us</a>'


@pytest.mark.urls(__name__)
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/closed/", 403, "This page is not for you"),
        ("/nowhere/", 404, "There is nothing here"),
        ("/admin/broken/", 500, "Something went wrong on our side"),
    ],
)
def test_page_says_why_and_leads_staff_back(address: str, status: int, words: str) -> None:
    staff = client()
    staff.force_login(make_user(), backend="staff.backends.RoleBackend")

    response = staff.get(address)

    page = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{words}</h1>" in page
    assert BACK_TO_DESK in page
    assert "width=device-width" in page


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status"), [("/closed/", 403), ("/x/", 404), ("/broken/", 500)]
)
def test_page_for_others_asks_no_database_and_does_not_name_the_desk(
    address: str, status: int
) -> None:
    response = client().get(address)

    assert response.status_code == status
    assert write_to_us() in response.content.decode()
    assert "/admin/" not in response.content.decode()


def test_page_of_an_error_needs_nothing_to_be_known() -> None:
    with translation.override("zh-hans"):
        page = render_to_string("500.html")

    assert '<html lang="zh-hans">' in page
    assert reverse("contact") in page


@pytest.mark.django_db
def test_form_sent_after_another_sign_in_is_explained() -> None:
    careful = Client(headers={"accept-language": "en"}, enforce_csrf_checks=True)
    careful.force_login(make_user(), backend="staff.backends.RoleBackend")

    response = careful.post("/admin/tickets/ticket/add/", {"subject": "x"})

    page = response.content.decode()
    assert response.status_code == 403
    assert CSRF in page
    assert BACK_TO_DESK in page


@pytest.mark.django_db
def test_customers_form_that_was_open_for_too_long_speaks_of_no_desk() -> None:
    careful = Client(headers={"accept-language": "en"}, enforce_csrf_checks=True)

    response = careful.post(reverse("contact"), {"subject": "x"})

    page = response.content.decode()
    assert response.status_code == 403
    assert "Go back, reload it and send again." in page
    assert CSRF not in page
    assert BACK_TO_DESK not in page
