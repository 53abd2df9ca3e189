"""A creation asked for with a caller's key happens once, however often it is asked for.

The key is claimed in the transaction that creates: a second request with the same key waits for the
first and repeats its answer; a refused one leaves nothing behind and may be tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.context import Actor
from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.services import service
from compliance.models import IdempotentRequest

KEY = re.compile(r"[\x21-\x7e]{1,200}")
# How long an answer is repeated; a caller that still tries after a week has another problem.
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status code and JSON body; ``is_repeated`` when an earlier request got it first."""

    status_code: int
    body: Any
    is_repeated: bool = False


@service
def answer_once(
    key: str, perform: Callable[[], Answer], *, actor: Actor, path: str, digest: str
) -> Answer:
    """Run ``perform`` and keep its answer, or give the kept one.

    Raises ``RuleViolated`` for an unusable key and for a key that was used for something else.
    """
    if not KEY.fullmatch(key):
        raise RuleViolated(
            "bad_idempotency_key",
            _("The key must be 1 to 200 visible ASCII characters."),
            field="Idempotency-Key",
        )
    if not _claim(key, actor, path, digest):
        return _repeat(key, actor, digest)
    answer = perform()
    IdempotentRequest.objects.filter(actor_id=actor.pk, key=key).update(
        status_code=answer.status_code, response=answer.body
    )
    return answer


def _claim(key: str, actor: Actor, path: str, digest: str) -> bool:
    """Whether the key is new; waits while another request holds it."""
    table = IdempotentRequest._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} "  # noqa: S608 -- name of our own table
            "(actor_id, key, path, digest, status_code, response, created_at) "
            "VALUES (%s, %s, %s, %s, 0, '{}', %s) ON CONFLICT (actor_id, key) DO NOTHING",
            [actor.pk, key, path[:200], digest, now()],
        )
        return bool(cursor.rowcount == 1)


def _repeat(key: str, actor: Actor, digest: str) -> Answer:
    known = IdempotentRequest.objects.get(actor_id=actor.pk, key=key)
    if known.digest != digest:
        raise RuleViolated(
            "idempotency_key_reused",
            _("This key was used for another request."),
            field="Idempotency-Key",
        )
    return Answer(known.status_code, known.response, is_repeated=True)


def forget_old_keys() -> int:
    """Remove answers older than ``KEPT``; returns how many."""
    removed, _models = IdempotentRequest.objects.filter(created_at__lt=now() - KEPT).delete()
    return removed
