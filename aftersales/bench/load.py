"""Clients with keep-alive: one, and eight at once, each a bounded number of requests."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Final
from urllib.parse import urlencode

from aftersales.bench.server import HOST

MOST_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request; a body makes it a POST."""

    path: str
    body: bytes | None = None
    content_type: str = "application/json"


@dataclass(slots=True)
class Result:
    """Times of answered requests in milliseconds, and what went wrong."""

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)

    def at(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0


class Session:
    """A signed-in person's connection."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port = port
        self.cookies = dict(cookies or {})
        self.connection = http.client.HTTPConnection(HOST, port, timeout=60)

    def send(self, call: Call) -> tuple[int, bytes]:
        """Ask and read everything; connects again if the server closed the connection."""
        try:
            return self._send(call)
        except (http.client.HTTPException, ConnectionError):
            self.connection.close()
            return self._send(call)

    def _send(self, call: Call) -> tuple[int, bytes]:
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": pairs, "Host": f"{HOST}:{self.port}"}
        if call.body is not None:
            headers["Content-Type"] = call.content_type
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        self.connection.request(
            "POST" if call.body is not None else "GET", call.path, call.body, headers
        )
        answer = self.connection.getresponse()
        content = answer.read()
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, content

    def sign_in(self, username: str, password: str) -> None:
        _status, page = self.send(Call("/admin/login/"))
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        token = found.group(1).decode() if found else ""
        form = {"username": username, "password": password, "csrfmiddlewaretoken": token}
        kind = "application/x-www-form-urlencoded"
        status, _page = self.send(Call("/admin/login/", urlencode(form).encode(), kind))
        if status != 302 or "sessionid" not in self.cookies:
            raise RuntimeError(f"{username} could not sign in (status {status})")


def run(
    port: int, cookies: dict[str, str], make: Callable[[int], Call], clients: int, requests: int
) -> Result:
    """So many requests by so many clients at once; stops after `MOST_SECONDS`."""
    result, lock, numbers = Result(), threading.Lock(), count()
    deadline = time.monotonic() + MOST_SECONDS

    def work() -> None:
        session = Session(port, cookies)
        session.send(make(next(numbers)))  # connects, not counted
        while (number := next(numbers)) < requests + clients and time.monotonic() < deadline:
            call = make(number)
            started = time.perf_counter()
            status, content = session.send(call)
            elapsed = (time.perf_counter() - started) * 1000
            with lock:
                result.times.append(elapsed)
                if status not in (200, 201, 302):
                    result.failures.append(f"{status} {call.path}: {content[:200]!r}")

    threads = [threading.Thread(target=work) for _ in range(clients)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.seconds = time.monotonic() - started
    return result
