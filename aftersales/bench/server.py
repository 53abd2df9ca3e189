"""The web server under measurement, and what its workers weigh."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from aftersales.embedded_guard import die_with_parent

START_SECONDS: Final = 60.0
HOST: Final = "127.0.0.1"


@contextmanager
def running_server(
    env: Mapping[str, str], log: Path, application: str = "aftersales.wsgi"
) -> Iterator[tuple[int, int]]:
    """gunicorn as the demo runs it, with two workers; yields (port, pid of the master)."""
    port = free_port()
    command = (
        *(sys.executable, "-m", "gunicorn", f"{application}:application"),
        *("--bind", f"{HOST}:{port}", "--workers", "2", "--worker-class", "gthread"),
        *("--threads", "2", "--preload", "--no-control-socket"),
        *("--keep-alive", "30", "--timeout", "120"),
    )
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 -- our own command, no shell
            command, env=dict(env), stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            preexec_fn=die_with_parent(os.getpid(), 15),
        )  # fmt: skip
        try:
            wait_until_up(port, process)
            yield port, process.pid
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            connection = http.client.HTTPConnection(HOST, port, timeout=10)
            connection.request("GET", "/admin/login/")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.3)
    raise RuntimeError("The web server did not come up; see its log.")


def memory_of(master: int) -> float:
    """PSS of the master and its workers in MB: shared pages count once, divided among sharers."""
    pids = [master, *children_of(master)]
    return sum(pss_kb(pid) for pid in pids) / 1024


def children_of(pid: int) -> list[int]:
    with suppress(OSError):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(word) for word in text.split()]
    return []


def pss_kb(pid: int) -> int:
    with suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
        return int(found.group(1)) if found else 0
    return 0
