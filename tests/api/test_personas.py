"""Every address × four personas; an address missing from the table fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.urls import URLPattern, get_resolver

from aftersales.api import urls
from compliance.models import AuditEvent
from tests.api.calls import Caller
from tests.api.endpoints import ENDPOINTS, Endpoint
from tests.api.endpoints_handoffs import HANDOFF_ENDPOINTS
from tests.api.endpoints_money import MONEY_ENDPOINTS

ALL = [*ENDPOINTS, *HANDOFF_ENDPOINTS, *MONEY_ENDPOINTS]
METHODS = ("get", "post", "put", "patch", "delete")


def addresses(patterns: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(method, route) of everything below ``/api/v1/``."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from addresses(pattern.url_patterns, route)
        elif route.startswith("v1/"):
            shown = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.removeprefix("v1/"))
            view = pattern.callback.view_class
            yield from ((m.upper(), shown) for m in METHODS if hasattr(view, m))


def test_every_address_is_in_the_table() -> None:
    listed = [(endpoint.method, endpoint.route) for endpoint in ALL]

    assert sorted(listed) == sorted(addresses(urls.urlpatterns))


def test_nothing_under_api_is_outside_the_package() -> None:
    roots = [p for p in get_resolver().url_patterns if str(p.pattern).startswith("api")]

    assert [str(root.pattern) for root in roots] == ["api/"]


@pytest.mark.parametrize("endpoint", ALL, ids=lambda endpoint: endpoint.id)
def test_address_answers_each_persona(
    endpoint: Endpoint, people: dict[str, Caller], stranger: Caller, nobody: Caller
) -> None:
    owner = people["lead"].user
    assert owner is not None
    path, body = endpoint.prepare(owner)
    before = written()

    refused = {
        "nobody": (call(nobody, endpoint, path, body), endpoint.anonymous),
        "stranger": (call(stranger, endpoint, path, body), endpoint.stranger),
        "weak": (call(people[endpoint.weak], endpoint, path, body), endpoint.without),
    }
    for who, (response, expected) in refused.items():
        assert response.status_code == expected, (who, response.content)
        if expected >= 400:
            error = response.json()["error"]
            assert error["request_id"] == response.headers["X-Request-Id"]
            assert error["message"]
    if all(expected >= 400 for _response, expected in refused.values()):
        assert written() == before

    response = call(people[endpoint.right], endpoint, path, body)

    assert response.status_code == endpoint.ok, response.content


def call(caller: Caller, endpoint: Endpoint, path: str, body: Any) -> Any:
    if isinstance(body, dict) and "file" in body:
        body["file"].seek(0)
    return caller.call(endpoint.method, path, body)


def written() -> tuple[int, int]:
    """How much was done and changed so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM compliance_journalentry")
        return AuditEvent.objects.count(), cursor.fetchone()[0]
