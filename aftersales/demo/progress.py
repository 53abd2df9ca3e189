"""A plain progress bar; one line at the end where nobody watches."""

from __future__ import annotations

import time
from typing import Protocol


class Stream(Protocol):
    """Where the bar is drawn."""

    def write(self, text: str, /) -> object: ...

    def flush(self) -> None: ...

    def isatty(self) -> bool: ...


class Progress:
    """Counts up to `total` and draws at most ten times a second."""

    WIDTH = 32

    def __init__(self, stream: Stream, total: int, label: str) -> None:
        self.stream, self.total, self.label = stream, max(total, 1), label
        self.started = time.monotonic()
        self.drawn = 0.0
        self.count = 0

    def advance(self, by: int = 1) -> None:
        self.count += by
        moment = time.monotonic()
        if self.stream.isatty() and moment - self.drawn > 0.1:
            self.drawn = moment
            self.draw()

    def draw(self) -> None:
        share = min(self.count / self.total, 1.0)
        full = int(share * self.WIDTH)
        bar = "█" * full + "░" * (self.WIDTH - full)
        self.stream.write(f"\r{self.label} {bar} {share:4.0%}")
        self.stream.flush()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def finish(self, words: str) -> None:
        """Replace the bar by one line that says how it went."""
        if self.stream.isatty():
            self.stream.write("\r\033[K")
        self.stream.write(f"{self.label} {words}\n")
        self.stream.flush()
