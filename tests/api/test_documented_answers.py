"""What the documentation says of each address is what the address answers."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.api.calls import Caller
from tests.api.test_personas import ALL

pytestmark = pytest.mark.django_db

WITHOUT = ("schema/", "docs/")
DESCRIBED = [endpoint for endpoint in ALL if endpoint.route not in WITHOUT]


@cache
def documentation() -> Any:
    """The schema in terms of JSON Schema: OpenAPI 3.0 has a word of its own for null."""
    made = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return strict(json.loads(json.dumps(made, default=str)))


def strict(part: Any) -> Any:
    if isinstance(part, list):
        return [strict(one) for one in part]
    if not isinstance(part, dict):
        return part
    told = {name: strict(value) for name, value in part.items()}
    if told.get("type") == "object" and "properties" in told:
        told.setdefault("additionalProperties", False)
    return {"anyOf": [told, {"type": "null"}]} if told.pop("nullable", False) else told


def operation(method: str, route: str) -> Any:
    """What is documented of a verb; parameters may be called otherwise."""
    bare = re.sub(r"{\w+}", "{}", f"/api/v1/{route}")
    paths = documentation()["paths"]
    (path,) = (path for path in paths if re.sub(r"{\w+}", "{}", path) == bare)
    return paths[path][method.lower()]


def check_answer(described: Any, response: Any) -> None:
    """The code is documented, a refusal by the common format, and the body is as described."""
    code = str(response.status_code)
    answers = described["responses"]
    assert code in answers or response.status_code >= 400, (code, list(answers))
    content = (answers.get(code) or answers["default"]).get("content")
    if content is None:
        assert response.content == b""
        return
    kind = response.headers["Content-Type"].split(";")[0]
    assert kind in content
    if kind == "application/json":
        shape = content[kind]["schema"] | {"components": documentation()["components"]}
        jsonschema.Draft7Validator(shape).validate(response.json())


@pytest.mark.parametrize("endpoint", DESCRIBED, ids=lambda endpoint: endpoint.id)
def test_answers_are_as_documented(endpoint: Any, people: dict[str, Caller]) -> None:
    owner = people["lead"].user
    assert owner is not None
    path, body = endpoint.prepare(owner)
    described = operation(endpoint.method, endpoint.route)

    check_answer(described, people[endpoint.weak].call(endpoint.method, path, body))
    if any(hasattr(value, "seek") for value in (body or {}).values()):
        path, body = endpoint.prepare(owner)
    check_answer(described, people[endpoint.right].call(endpoint.method, path, body))


def test_answers_to_a_number_used_before_are_documented(lead: Caller, shop_system: Caller) -> None:
    recorded = [
        shop_system.post("tickets/", {"body": "It is torn.", "external_id": "A-1"})
        for _turn in range(2)
    ]
    number = recorded[0].json()["number"]
    told = [
        shop_system.post(
            f"tickets/{number}/customer-messages/", {"body": "The collar.", "external_id": "B-1"}
        )
        for _turn in range(2)
    ]

    assert [one.status_code for one in (*recorded, *told)] == [201, 200, 201, 200]
    for one in recorded:
        check_answer(operation("POST", "tickets/"), one)
    for one in told:
        check_answer(operation("POST", "tickets/{number}/customer-messages/"), one)
    responses = operation("POST", "tickets/{number}/customer-messages/")["responses"]
    assert list(responses) == ["201", "200", "202", "default"]


@pytest.mark.parametrize(
    ("method", "route", "takes_key"),
    [
        ("POST", "tickets/", True),
        ("POST", "tickets/{number}/reply/", True),
        ("POST", "tickets/{number}/assess/", False),
        ("POST", "refunds/{number}/approve/", True),
        ("POST", "returns/{number}/receive/", True),
        ("POST", "auth/token/", False),
    ],
)
def test_key_is_documented_where_it_counts(method: str, route: str, takes_key: bool) -> None:
    parameters = operation(method, route).get("parameters", [])

    assert ("Idempotency-Key" in [one["name"] for one in parameters]) == takes_key
