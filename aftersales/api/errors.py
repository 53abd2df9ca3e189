"""One error format for everything under ``/api/``, in the caller's language.

``{"error": {"code", "message", "field", "request_id", "allowed"?, "fields"?}}``
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DataError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseServerError,
    JsonResponse,
)
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import status
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.views import set_rollback

from aftersales.kernel.context import current
from aftersales.kernel.errors import DomainError

log = logging.getLogger(__name__)
API = "/api/"


def body(code: str, message: str, field: str = "", **more: Any) -> dict[str, Any]:
    """The error as every caller gets it."""
    shared = {"code": code, "message": message, "field": field, **more}
    return {"error": {**shared, "request_id": current().request_id}}


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn a refusal into an answer; what is no refusal goes on to ``server_error``."""
    answer = _answer(error)
    if answer is not None:
        set_rollback()
    return answer


def _answer(error: Exception) -> Response | None:
    if isinstance(error, DomainError):
        allowed = {"allowed": list(error.allowed)} if hasattr(error, "allowed") else {}
        return Response(body(error.code, str(error), error.field, **allowed), error.status_code)
    if isinstance(error, ObjectDoesNotExist | Http404):
        return Response(body("not_found", _("Not found.")), status.HTTP_404_NOT_FOUND)
    if isinstance(error, PermissionDenied):
        text = _("You do not have the right to do this.")
        return Response(body("not_permitted", text), status.HTTP_403_FORBIDDEN)
    if isinstance(error, RequestDataTooBig):
        return Response(body("body_too_large", _("The request is too large.")), 413)
    if isinstance(error, SuspiciousOperation | DataError):
        log.warning("refused request: %s", type(error).__name__)
        text = _("The request cannot be understood.")
        return Response(body("bad_request", text), status.HTTP_400_BAD_REQUEST)
    if isinstance(error, ValidationError):
        return Response(_invalid(error), status.HTTP_400_BAD_REQUEST)
    if isinstance(error, APIException):
        return _refused(error)
    return None


def _invalid(error: ValidationError) -> dict[str, Any]:
    """Every field at fault with what is wrong; the first one is told in front."""
    found = list(_flat(error.detail))
    fields: dict[str, list[str]] = {}
    for path, detail in found:
        fields.setdefault(path, []).append(str(detail))
    path, first = found[0]
    unknown = next((one for one in found if one[1].code == "unknown_field"), None)
    code = "unknown_field" if unknown else "invalid"
    path, first = unknown or (path, first)
    return body(code, str(first), path, fields=fields)


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, ErrorDetail]]:
    """Nested details as ``lines.0.quantity`` and text."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, ".".join(part for part in (path, step) if part))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            is_text = isinstance(inner, str)
            yield from _flat(inner, path if is_text else f"{path}.{index}".strip("."))
    else:
        yield path, detail


def _refused(error: APIException) -> Response:
    headers = {}
    if scheme := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = scheme
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    detail = error.detail
    code = (detail.code if isinstance(detail, ErrorDetail) else None) or error.default_code
    return Response(body(code, str(detail)), error.status_code, headers=headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's page, or the API's error for what failed before a view was reached."""
    if not request.path.startswith(API):
        return defaults.bad_request(request, exception)
    return JsonResponse(body("bad_request", _("The request cannot be understood.")), status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not request.path.startswith(API):
        return defaults.permission_denied(request, exception)
    text = _("You do not have the right to do this.")
    return JsonResponse(body("not_permitted", text), status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not request.path.startswith(API):
        return defaults.page_not_found(request, exception)
    return JsonResponse(body("not_found", _("Not found.")), status=404)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """The page knows no more than the address: neither person nor database may be asked now."""
    if not request.path.startswith(API):
        page = render_to_string("500.html", {"is_desk": request.path.startswith("/admin/")})
        return HttpResponseServerError(page)
    text = _("Something went wrong on our side. Nothing was changed.")
    return JsonResponse(body("server_error", text), status=500)
