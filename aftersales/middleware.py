"""Small duties of every request: where it comes from, its language, who is behind it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import translation

from aftersales.kernel.context import Source, entering
from aftersales.kernel.ids import ordered_uuid

Handler = Callable[[HttpRequest], HttpResponse]
LANGUAGES = dict(settings.LANGUAGES)


class ProxyMiddleware:
    """The visitor's address as our own proxy appended it, last in ``X-Forwarded-For``.

    Only in the list of middleware with ``DESK_BEHIND_PROXY``: anybody can send the header. Without
    it, trail, throttles and lock-outs would all see one visitor, the proxy.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        last = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
        with suppress(ValueError):
            request.META["REMOTE_ADDR"] = str(ip_address(last))
        return self.get_response(request)


class LanguageMiddleware:
    """Language of the page: explicit choice (``?lang=``, then cookie), else the browser's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("lang", "")
        if chosen and request.path.startswith("/admin/"):
            request.GET = without_language(request.GET)  # type: ignore[assignment]
        language = chosen if chosen in LANGUAGES else self.remembered(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if chosen == language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=31_536_000,
                httponly=True,
                samesite="Lax",
                secure=settings.SECURE_HTTPS,
            )
        response.headers.setdefault("Content-Language", language)
        return response

    @staticmethod
    def remembered(request: HttpRequest) -> str:
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return cookie if cookie in LANGUAGES else translation.get_language_from_request(request)


class PlainTextMiddleware:
    """Refuses pages asked for with a NUL: PostgreSQL stores none, so nothing is called like that.

    The API says by itself which field it does not take.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            if "\x00" in request.path:
                raise Http404
            is_form = request.content_type == "application/x-www-form-urlencoded"
            if "%00" in request.META["QUERY_STRING"] or (is_form and b"%00" in request.body):
                raise BadRequest
        return self.get_response(request)


def without_language(given: QueryDict) -> QueryDict:
    """The query as pages of the admin see it: its lists drop every filter if one is unknown."""
    rest = given.copy()
    del rest["lang"]
    rest._mutable = False
    return rest


class AuditContextMiddleware:
    """Names the door and the request for everything written while it is answered."""

    DOORS = (("/api/", Source.API), ("/admin/", Source.ADMIN))

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        source = next(
            (door for prefix, door in self.DOORS if request.path.startswith(prefix)), Source.PORTAL
        )
        request_id = ordered_uuid().hex
        with entering(source, request_id=request_id, address=request.META.get("REMOTE_ADDR")):
            response = self.get_response(request)
        response.headers["X-Request-Id"] = request_id
        return response
