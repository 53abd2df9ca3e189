"""The desk's side of the sandbox: whatever is not a signed, matching answer proves nothing."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from http.client import HTTPException
from typing import Any

from django.conf import settings

from aftersales.kernel.failures import in_words, technical
from returns.gateways.base import Answer, Instruction
from returns.gateways.sandbox.signing import BadSignature, headers_for, verify
from returns.money_choices import Outcome

LARGEST_ANSWER = 64 * 1024
# Codes this desk knows; every other one proves nothing.
CODES = {
    "SUCCESS": Outcome.SUCCEEDED,
    "PROCESSING": Outcome.PENDING,
    "CLOSED": Outcome.FAILED,
    "NOT_FOUND": Outcome.NOT_FOUND,
}
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Sandbox:
    """Asks the sandbox server over HTTP; see ``server`` for what it can do wrong."""

    code = "sandbox"
    is_manual = False
    quiet = timedelta(minutes=2)

    def send(self, instruction: Instruction) -> Answer:
        if time.monotonic() - instruction.begun > instruction.valid_seconds:
            return Answer(Outcome.UNKNOWN, "not sent: too late")
        body = {
            "number": instruction.number,
            "payment": instruction.payment,
            "amount": str(instruction.amount),
            "currency": instruction.currency,
        }
        return self._ask("POST", "/refunds", instruction, json.dumps(body).encode())

    def query(self, instruction: Instruction) -> Answer:
        return self._ask("GET", f"/refunds/{instruction.number}", instruction, b"")

    def _ask(self, method: str, path: str, instruction: Instruction, body: bytes) -> Answer:
        try:
            told, headers = _exchange(method, path, body)
            verify(settings.SANDBOX_GATEWAY_SECRET, headers, told, moment=time.time())
            answer = json.loads(told)
            return _read(answer, instruction)
        except BadSignature as problem:
            return Answer(Outcome.UNKNOWN, f"signature: {problem}")
        except (OSError, HTTPException, TimeoutError) as problem:
            return Answer(Outcome.UNKNOWN, technical(problem)[:300], in_words(problem))
        except (ValueError, KeyError, TypeError, RecursionError, InvalidOperation) as problem:
            return Answer(Outcome.UNKNOWN, f"unreadable: {type(problem).__name__}")


def _exchange(method: str, path: str, body: bytes) -> tuple[bytes, Mapping[str, str]]:
    """The answer's body and headers, also of a 4xx; raises ``OSError`` for 5xx and silence.

    The limit of time covers the whole answer: a server that drips is a server that is silent.
    """
    limit = settings.GATEWAY_TIMEOUT_SECONDS
    deadline = time.monotonic() + limit
    request = urllib.request.Request(  # noqa: S310 -- the address is a setting of ours
        settings.SANDBOX_GATEWAY_URL + path,
        data=body or None,
        method=method,
        headers={
            "Content-Type": "application/json",
            **headers_for(settings.SANDBOX_GATEWAY_SECRET, body or path.encode()),
        },
    )
    try:
        response = _opener.open(request, timeout=limit)
    except urllib.error.HTTPError as refusal:
        with refusal:
            if refusal.code >= 500:
                raise OSError(f"HTTP {refusal.code}") from None
            return refusal.read(LARGEST_ANSWER), dict(refusal.headers)
    with response:
        told = b""
        while chunk := response.read1(4096):
            told += chunk
            if len(told) > LARGEST_ANSWER or time.monotonic() > deadline:
                raise OSError("the answer is too long")
        expected = response.headers.get("Content-Length")
        if expected is not None and int(expected) != len(told):
            raise OSError("the answer is incomplete")
        return told, dict(response.headers)


def _read(answer: Any, instruction: Instruction) -> Answer:
    """A verified answer in our words; raises ``ValueError`` and the like for an odd shape."""
    if answer["number"] != instruction.number:
        return Answer(Outcome.UNKNOWN, "an answer about another refund", raw=answer)
    outcome = CODES.get(answer["code"])
    if outcome is None:
        return Answer(Outcome.UNKNOWN, f"unlisted code {str(answer['code'])[:40]}", raw=answer)
    if outcome == Outcome.NOT_FOUND:
        return Answer(outcome, raw=answer)
    amount = Decimal(str(answer["amount"]))
    if amount != instruction.amount or answer["currency"] != instruction.currency:
        return Answer(Outcome.UNKNOWN, "an answer about another sum", raw=answer)
    return Answer(
        outcome,
        detail=str(answer.get("detail", ""))[:300],
        reference=str(answer.get("reference", ""))[:100],
        amount=amount,
        currency=answer["currency"],
        raw=answer,
    )
