"""``Idempotency-Key`` for views that create."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.kernel.api import digest_of
from compliance.idempotency import Answer, answer_once

HEADER = "Idempotency-Key"


def create_once(request: Request, perform: Callable[[], Answer]) -> Response:
    """Answer with what ``perform`` made; with a key in the header, at most once per key."""
    key = request.headers.get(HEADER)
    if key is None:
        return respond(perform())
    actor: Any = request.user
    answer = answer_once(key, perform, actor=actor, path=request.path, digest=digest_of(request))
    return respond(answer)


def respond(answer: Answer) -> Response:
    headers = {"Idempotent-Replayed": "true"} if answer.is_repeated else None
    return Response(answer.body, status=answer.status_code, headers=headers)
