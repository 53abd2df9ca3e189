"""Calling the API as somebody, with a real token."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from staff.models import User
from staff.tokens import issue_token

ROOT = "/api/v1/"


class Caller:
    """A user, or nobody, at the other end of the line."""

    def __init__(self, user: User | None) -> None:
        self.user = user
        self.client = Client()
        self.headers: dict[str, str] = {}
        if user is not None:
            _token, key = issue_token(user, actor=user)
            self.headers["Authorization"] = f"Token {key}"

    def call(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> Any:
        """The response; a body is sent as JSON, a dict with a file as a form."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        options: dict[str, Any] = {"headers": self.headers | sent}
        if isinstance(body, dict) and any(hasattr(value, "read") for value in body.values()):
            return self.client.post(ROOT + path, body, **options)
        if method != "GET":
            told = b"" if body is None else json.dumps(body).encode()
            options["data"] = told if raw is None else raw
            options.setdefault("content_type", "application/json")
        response = getattr(self.client, method.lower())(ROOT + path, **options)
        if response.streaming:
            response.content_read = b"".join(response.streaming_content)
        return response

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PUT", path, body, **headers)
