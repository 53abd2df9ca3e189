"""The frame of every customer page: language, headers, limits, the one answer to a bad link."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from customers.models import Shop
from tickets.portal.progress import standing_case
from tickets.portal.throttle import address, too_many
from tickets.services.status_links import ticket_of_token

View = Callable[..., HttpResponse]

TEN_MINUTES = 600
READS_PER_LINK, WRITES_PER_LINK, REQUESTS_PER_ADDRESS = 150, 20, 400
LANGUAGES = dict(settings.LANGUAGES)
CSP = {
    "default-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}


def private(response: HttpResponse) -> HttpResponse:
    """Keep the page out of search engines, caches and other sites' logs; no scripts.

    ``same-origin`` sends the address to nobody else. ``no-referrer`` would too, but makes browsers
    post forms with ``Origin: null``, which the protection against forged requests refuses.
    """
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Content-Language"] = translation.get_language() or ""
    response._csp_config = CSP  # type: ignore[attr-defined]
    return response


def show(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render one of the customer pages, now, in the language in force."""
    frame = {"other_language": other_language(), "page_language": translation.get_language()}
    page = f"tickets/portal/{template}.html"
    return private(render(request, page, {**frame, **context}, status=status))


def other_language() -> tuple[str, str]:
    """Code and name of the language the page is not in."""
    current = translation.get_language()
    return next((code, name) for code, name in LANGUAGES.items() if code != current)


def chosen_language(request: HttpRequest) -> str:
    """What the visitor chose, here or earlier; '' when nothing was chosen."""
    for value in (request.GET.get("lang"), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)):
        if value in LANGUAGES:
            return str(value)
    return ""


def brand(shop: Shop | None) -> str:
    return str(shop or _("Customer service"))


def bad_link(request: HttpRequest) -> HttpResponse:
    """Forged, expired, revoked, foreign: all the same to the outside."""
    return show(request, "bad_link", {"brand": brand(None)}, status=404)


def slow_down(request: HttpRequest) -> HttpResponse:
    response = show(request, "slow_down", {"brand": brand(None)}, status=429)
    response.headers["Retry-After"] = str(TEN_MINUTES)
    return response


def customer_page(view: View) -> View:
    """Open the case behind the token for ``view(request, token, ticket, …)``, in its language."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if too_many("portal-address", address(request), REQUESTS_PER_ADDRESS, TEN_MINUTES):
            return slow_down(request)
        ticket = ticket_of_token(token)
        if ticket is None:
            return bad_link(request)
        most = WRITES_PER_LINK if request.method == "POST" else READS_PER_LINK
        if too_many(f"portal-{request.method}", token, most, TEN_MINUTES):
            return slow_down(request)
        with translation.override(chosen_language(request) or ticket.language):
            return private(view(request, token, standing_case(ticket), *args, **kwargs))

    return guarded


def path_of(url: str) -> str:
    """The address without its host, so that a redirect stays on the host being used."""
    return urlsplit(url).path
