"""The sandbox gateway: HTTP on loopback, signed answers, and twenty ways to misbehave on demand.

``POST /refunds`` makes a refund, ``GET /refunds/<number>`` tells of one, ``GET /statement`` is the
bill. ``POST /control`` with ``{"plan": ["lost_reply", …]}`` says how the next instructions go, with
``{"console": {…}}`` somebody refunds past the desk.
"""

from __future__ import annotations

import json
import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from returns.gateways.sandbox.ledger import Entry, Ledger
from returns.gateways.sandbox.signing import BadSignature, headers_for, verify

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
MONTH_SECONDS = 30 * 24 * 3600
# How the next instruction goes → what the gateway's books say of it at once ('' : nothing at all).
BEHAVIOURS = {
    "ok": "SUCCESS",
    "lost_reply": "SUCCESS",
    "late_success": "PROCESSING",
    "error_then_ok": "",
    "error_after_effect": "SUCCESS",
    "endless_pending": "PROCESSING",
    "abnormal": "ABNORMAL",
    "refused": "CLOSED",
    "notify_first": "SUCCESS",
    "notify_many": "SUCCESS",
    "notify_wrong_amount": "SUCCESS",
    "notify_forged": "SUCCESS",
    "wrong_amount": "SUCCESS",
    "wrong_currency": "SUCCESS",
    "bad_signature": "SUCCESS",
    "no_signature": "SUCCESS",
    "old_signature": "SUCCESS",
    "truncated": "SUCCESS",
    "slow_drip": "SUCCESS",
    "silent": "",
    "unknown_code": "SUCCESS",
    "other_number": "SUCCESS",
    "not_json": "SUCCESS",
}


class SandboxServer(ThreadingHTTPServer):
    """One gateway with its books; ``notify_url`` is where it reports, '' for nowhere."""

    daemon_threads = True

    def __init__(self, port: int, books: Path, secret: str, notify_url: str = "") -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.ledger = Ledger(books)
        self.secret = secret
        self.notify_url = notify_url
        # How long «silent» and «slow_drip» keep a caller waiting.
        self.patience_seconds = 30.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self.ledger.close()

    def notify(self, entry: Entry, *, times: int = 1, amount: str = "", secret: str = "") -> None:
        """Report a refund to the desk, the same report each time; whether it listens or not."""
        if not self.notify_url:
            return
        told = json.dumps(answer_about(entry) | ({"amount": amount} if amount else {})).encode()
        headers = headers_for(secret or self.secret, told)
        for _again in range(times):
            request = urllib.request.Request(  # noqa: S310 -- given at start
                self.notify_url, data=told, headers=headers | {"Content-Type": "application/json"}
            )
            try:
                with _opener.open(request, timeout=5):
                    pass
            except OSError:
                continue


def answer_about(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "code": entry.code,
        "amount": entry.amount,
        "currency": entry.currency,
        "reference": entry.reference,
    }


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: SandboxServer
    timeout = 60

    def log_message(self, format: str, *args: Any) -> None:
        """Silence; the ledger keeps the calls."""

    def do_GET(self) -> None:
        if self.path == "/statement":
            self._reply(200, self.server.ledger.statement().encode(), {"Content-Type": "text/csv"})
            return
        number = self.path.removeprefix("/refunds/")
        if not self._is_signed(self.path.encode()):
            return
        self.server.ledger.note_call("query", number)
        entry = self.server.ledger.look(number)
        told = answer_about(entry) if entry else {"number": number, "code": "NOT_FOUND"}
        self._answer(told, status=200 if entry else 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self._is_signed(body):
            return
        asked = json.loads(body)
        if self.path == "/control":
            self._control(asked)
        else:
            self._refund(asked)

    def _is_signed(self, body: bytes) -> bool:
        try:
            verify(self.server.secret, dict(self.headers.items()), body, moment=time.time())
        except BadSignature:
            self._answer({"code": "BAD_SIGNATURE"}, status=401)
            return False
        return True

    def _control(self, asked: dict[str, Any]) -> None:
        self.server.ledger.plan(*asked.get("plan", ()))
        if console := asked.get("console"):
            self.server.ledger.add(**console, code="SUCCESS", behaviour="console")
        self._answer({"code": "OK"})

    def _refund(self, asked: dict[str, Any]) -> None:
        ledger, number = self.server.ledger, asked["number"]
        known = ledger.find(number)
        behaviour = "ok" if known else ledger.next_behaviour()
        ledger.note_call("send", number, behaviour)
        if known and (known.amount, known.currency) != (asked["amount"], asked["currency"]):
            self._answer({"number": number, "code": "CONFLICT"}, status=409)
            return
        code = BEHAVIOURS[behaviour]
        if not code:
            self._without_effect(behaviour)
            return
        entry = known or ledger.add(
            number,
            payment=asked["payment"],
            amount=asked["amount"],
            currency=asked["currency"],
            code=code,
            behaviour=behaviour,
        )
        answer: Callable[[Entry], None] = getattr(self, f"_{behaviour}", self._ok)
        answer(entry)

    def _without_effect(self, behaviour: str) -> None:
        if behaviour == "silent":
            time.sleep(self.server.patience_seconds)
            self._hang_up()
        else:
            self._answer({"code": "SYSTEM_ERROR"}, status=500)

    def _ok(self, entry: Entry) -> None:
        self._answer(answer_about(entry))

    def _lost_reply(self, entry: Entry) -> None:
        self._hang_up()

    def _error_after_effect(self, entry: Entry) -> None:
        self._answer({"code": "SYSTEM_ERROR"}, status=502)

    def _notify_first(self, entry: Entry) -> None:
        self.server.notify(entry)
        self._ok(entry)

    def _notify_many(self, entry: Entry) -> None:
        self._ok(entry)
        self.server.notify(entry, times=10)

    def _notify_wrong_amount(self, entry: Entry) -> None:
        self.server.notify(entry, amount="0.01")
        self._hang_up()

    def _notify_forged(self, entry: Entry) -> None:
        self.server.notify(entry, secret="somebody else's")  # noqa: S106 -- that is the point
        self._ok(entry)

    def _wrong_amount(self, entry: Entry) -> None:
        self._answer(answer_about(entry) | {"amount": "9999.99"})

    def _wrong_currency(self, entry: Entry) -> None:
        self._answer(answer_about(entry) | {"currency": "XXX"})

    def _bad_signature(self, entry: Entry) -> None:
        self._answer(answer_about(entry), secret="somebody else's")  # noqa: S106 -- that is the point

    def _no_signature(self, entry: Entry) -> None:
        self._reply(200, json.dumps(answer_about(entry)).encode(), {})

    def _old_signature(self, entry: Entry) -> None:
        self._answer(answer_about(entry), at=time.time() - MONTH_SECONDS)

    def _truncated(self, entry: Entry) -> None:
        told = json.dumps(answer_about(entry)).encode()
        self._reply(200, told[: len(told) // 2], headers_for(self.server.secret, told), len(told))

    def _slow_drip(self, entry: Entry) -> None:
        told = json.dumps(answer_about(entry)).encode()
        self.send_response(200)
        for name, value in headers_for(self.server.secret, told).items():
            self.send_header(name, value)
        self.end_headers()
        pause = self.server.patience_seconds / len(told)
        for place in range(len(told)):
            try:
                self.wfile.write(told[place : place + 1])
            except OSError:
                return
            time.sleep(pause)

    def _unknown_code(self, entry: Entry) -> None:
        self._answer(answer_about(entry) | {"code": "MAYBE"})

    def _other_number(self, entry: Entry) -> None:
        self._answer(answer_about(entry) | {"number": "R-999999-ffffffffffff"})

    def _not_json(self, entry: Entry) -> None:
        told = b"<html>Bad gateway</html>"
        self._reply(200, told, headers_for(self.server.secret, told))

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _answer(
        self, told: dict[str, Any], *, status: int = 200, secret: str = "", at: float | None = None
    ) -> None:
        body = json.dumps(told).encode()
        self._reply(status, body, headers_for(secret or self.server.secret, body, at=at))

    def _reply(
        self, status: int, body: bytes, headers: dict[str, str], length: int | None = None
    ) -> None:
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True
        if length is not None:
            self._hang_up()
