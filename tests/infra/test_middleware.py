"""Where a request comes from, as trail and throttles see it."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from aftersales.middleware import ProxyMiddleware


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("10.9.9.9, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 2001:db8::1", "2001:db8::1"),
        ("203.0.113.9, not an address", "192.0.2.1"),
        ("", "192.0.2.1"),
    ],
)
def test_address_is_the_one_our_proxy_appended(header: str, seen: str) -> None:
    found: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=header)
    ProxyMiddleware(view)(request)

    assert found == [seen]
