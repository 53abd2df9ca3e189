"""A chat service on this machine: a real HTTP server that answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "SeCrEtKeY0123456789"


class ChatService:
    """``answers`` are given one after the other, the last one for ever; ``None`` says nothing."""

    def __init__(self) -> None:
        self.answers: list[int | None] = [200]
        self.taken: list[dict[str, Any]] = []
        self.released = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service.answer(self)

            def log_message(self, *_args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.server.server_port}/robot/{KEY}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers["Content-Length"])
        posted = json.loads(request.rfile.read(length))
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if status is None:
            self.released.wait(10)
            return
        self.taken.append(posted | {"path": request.path, "status": status})
        request.send_response(status)
        if status == 302:
            request.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/inside")
        request.send_header("Content-Length", "0")
        request.end_headers()


@contextmanager
def chat_service() -> Iterator[ChatService]:
    service = ChatService()
    thread = threading.Thread(target=service.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.released.set()
        service.server.shutdown()
        service.server.server_close()
        thread.join()
