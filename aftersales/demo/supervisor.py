"""Keeps the demo's processes up and takes all of them down again, however the demo ends.

Each program is the leader of a session and process group of its own, so Ctrl-C reaches the
supervisor alone, which ends them in order. If the supervisor is killed, the kernel tells the
leaders (PR_SET_PDEATHSIG) and the reaper sees to the rest of their groups.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aftersales.demo import reaper
from aftersales.embedded_guard import die_with_parent

POLL_SECONDS = 0.25
KEEP_UP_SECONDS = 2.0
HEALTH_SECONDS = 30.0
STEADY_SECONDS = 60.0
MAX_DELAY_SECONDS = 30.0
LOG_BYTES = 5_000_000

Say = Callable[[str], None]


@dataclass(frozen=True)
class Program:
    """A command to keep running; `is_healthy` is asked once it has run for `grace_seconds`."""

    name: str
    command: tuple[str, ...]
    is_healthy: Callable[[], bool] | None = None
    grace_seconds: float = 150.0
    stop_seconds: float = 10.0


@dataclass
class Running:
    """The state of one program: its process, if it has one, and when to try again."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    health_checked: float = 0.0
    delay: float = 1.0
    retry_at: float = 0.0


class Supervisor:
    """Starts programs in order and stops them in order; `run` blocks until a stop is requested."""

    def __init__(
        self,
        programs: Iterable[Program],
        *,
        log_dir: Path,
        keep_up: Callable[[], object] = lambda: None,
        say: Say = print,
    ) -> None:
        """`keep_up` is called every two seconds to revive what the programs need (the database)."""
        self.slots = [Running(program) for program in programs]
        self.log_dir = log_dir
        self.keep_up = keep_up
        self.say = say
        self.stop_requested = False
        self._kept_up = 0.0
        self._reaper: subprocess.Popen[bytes] | None = None

    def request_stop(self) -> None:
        """Make `run` return; safe to call from a signal handler."""
        self.stop_requested = True

    def start(self) -> None:
        """Start every program."""
        self.log_dir.mkdir(parents=True, exist_ok=True)
        self._reaper = subprocess.Popen(  # noqa: S603 -- our own script, no shell
            [sys.executable, "-S", "-E", reaper.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        for slot in self.slots:
            self._launch(slot)

    def run(self) -> None:
        """Watch over the programs until a stop is requested."""
        while not self.stop_requested:
            self.tick()
            time.sleep(POLL_SECONDS)

    def tick(self) -> None:
        """Look once at everything: revive, restart, replace what hangs."""
        now = time.monotonic()
        if now - self._kept_up >= KEEP_UP_SECONDS:
            self._kept_up = now
            self.keep_up()
        for slot in self.slots:
            if slot.process is None:
                if now >= slot.retry_at:
                    self._launch(slot)
            elif slot.process.poll() is not None:
                self._note_crash(slot, f"stopped (exit code {slot.process.returncode})")
            elif not self._is_healthy(slot, now):
                self._note_crash(slot, "hangs")

    def stop(self) -> None:
        """End every program in order, then the reaper."""
        for slot in self.slots:
            self._end(slot)
        if self._reaper is not None and self._reaper.stdin is not None:
            self._reaper.stdin.close()
            self._reaper.wait()

    def _launch(self, slot: Running) -> None:
        log = self.log_path(slot.program)
        mode = "wb" if log.exists() and log.stat().st_size > LOG_BYTES else "ab"
        with log.open(mode) as output:
            slot.process = subprocess.Popen(  # noqa: S603 -- commands are ours, no shell
                slot.program.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent(os.getpid(), signal.SIGTERM),
            )
        slot.started = slot.health_checked = time.monotonic()
        self._tell_reaper("+", slot.process.pid)

    def log_path(self, program: Program) -> Path:
        """Where the program's output goes."""
        return self.log_dir / f"{program.name}.log"

    def _is_healthy(self, slot: Running, now: float) -> bool:
        program = slot.program
        if program.is_healthy is None or now - slot.started < program.grace_seconds:
            return True
        if now - slot.health_checked < min(HEALTH_SECONDS, program.grace_seconds):
            return True
        slot.health_checked = now
        return program.is_healthy()

    def _note_crash(self, slot: Running, what: str) -> None:
        """Kill the whole group (a crashed leader may have left workers) and plan the restart."""
        if time.monotonic() - slot.started > STEADY_SECONDS:
            slot.delay = 1.0
        name, log = slot.program.name, self.log_path(slot.program)
        self.say(f"{name} {what}, see {log}; again in {slot.delay:.0f} s")
        self._end(slot)
        slot.retry_at = time.monotonic() + slot.delay
        slot.delay = min(slot.delay * 2, MAX_DELAY_SECONDS)

    def _end(self, slot: Running) -> None:
        process, slot.process = slot.process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(slot.program.stop_seconds)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._tell_reaper("-", process.pid)

    def _tell_reaper(self, sign: str, group: int) -> None:
        if self._reaper is None or self._reaper.stdin is None:
            return
        with suppress(BrokenPipeError):  # the kernel's signal to the leaders still holds
            self._reaper.stdin.write(f"{sign}{group}\n".encode())
            self._reaper.stdin.flush()


def follow_parent() -> None:
    """Ask the kernel for SIGTERM when the process that started this one (make) dies."""
    die_with_parent(os.getppid(), signal.SIGTERM)()
