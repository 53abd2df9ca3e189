"""Whatever ends the demo, no process of it stays and no committed row is lost."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from aftersales.demo.supervisor import Program, Supervisor
from aftersales.management.commands.demo import accepts, gateway_program
from tests.infra import fake_demo
from tests.infra.processes import (
    DatabaseUser,
    environment,
    process_named,
    processes_of,
    wait_until,
)

# A leader, its stubborn child, twice; reaper, guard, postmaster; the demo itself.
LEAST_PROCESSES = 8


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class FakeDemo:
    """The running demo command with fake programs."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, fake_demo.__file__, str(port)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment(data_dir),
        )

    def read_until(self, word: str) -> str:
        """The next line of output that contains the word; empty at the end of output."""
        return next((line.strip() for line in self.process.stdout if word in line), "")

    def finish(self) -> int:
        code = self.process.wait(30)
        self.process.stdout.close()
        return code


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_demo_stopped_by_signal_leaves_nothing(
    data_dir: Path, port: int, how: signal.Signals
) -> None:
    demo = FakeDemo(data_dir, port)
    assert demo.read_until("READY") == "READY"
    assert wait_until(lambda: len(processes_of(data_dir)) >= LEAST_PROCESSES, 20)

    demo.process.send_signal(how)

    assert demo.read_until("Stopped") == "Stopped."
    assert demo.finish() == 0
    assert processes_of(data_dir) == []


def test_killed_demo_leaves_no_process_and_all_data(data_dir: Path, port: int) -> None:
    demo = FakeDemo(data_dir, port)
    demo.read_until("READY")
    user = DatabaseUser(data_dir)
    user.host()
    user.ask("CREATE TABLE kept (n int)")
    user.ask("INSERT INTO kept VALUES (7)")
    user.close()

    demo.process.kill()
    demo.finish()

    assert wait_until(lambda: processes_of(data_dir) == [], 25)
    newcomer = DatabaseUser(data_dir)
    newcomer.host()
    assert newcomer.ask("SELECT n FROM kept") == "7"
    newcomer.close()


def test_crashed_program_and_killed_database_come_back(data_dir: Path, port: int) -> None:
    demo = FakeDemo(data_dir, port)
    demo.read_until("READY")
    web = process_named(data_dir, f"fake_program.py {data_dir} {port}")
    orphan = web.children()[0]
    postmaster = process_named(data_dir, "postgres -D")

    web.kill()
    postmaster.kill()

    assert demo.read_until("web").startswith("web stopped (exit code -9), see ")
    assert wait_until(lambda: len(processes_of(data_dir)) >= LEAST_PROCESSES, 15)
    assert process_named(data_dir, f"fake_program.py {data_dir} {port}") != web
    assert process_named(data_dir, "postgres -D") != postmaster
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
    demo.process.terminate()
    assert demo.finish() == 0
    assert processes_of(data_dir) == []


def test_taken_port_is_refused_before_anything_starts(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        done = subprocess.run(
            [sys.executable, fake_demo.__file__, str(port)],
            capture_output=True,
            text=True,
            env=environment(data_dir),
        )

    assert f"Port {port} is taken" in done.stderr
    assert done.returncode == 1
    assert not (data_dir / "log").exists()


def test_hanging_program_is_replaced_with_its_group(data_dir: Path, tmp_path: Path) -> None:
    said: list[str] = []
    worker = Program(
        "worker",
        (sys.executable, fake_demo.FAKE_PROGRAM, str(data_dir), "0"),
        is_healthy=lambda: False,
        grace_seconds=0.5,
        stop_seconds=1,
    )
    supervisor = Supervisor([worker], log_dir=tmp_path / "log", say=said.append)
    supervisor.start()
    try:
        assert wait_until(lambda: len(processes_of(data_dir)) == 2, 5)
        first = processes_of(data_dir)

        def replaced() -> bool:
            supervisor.tick()
            now = processes_of(data_dir)
            return len(now) == 2 and not set(now) & set(first)

        assert wait_until(replaced, 10)
    finally:
        supervisor.stop()

    assert said[0] == f"worker hangs, see {tmp_path / 'log' / 'worker.log'}; again in 1 s"
    assert processes_of(data_dir) == []


def test_sandbox_gateway_comes_back_and_ends_with_the_demo(tmp_path: Path, port: int) -> None:
    said: list[str] = []
    gateway = gateway_program(f"http://127.0.0.1:{port}", "", tmp_path / "books.sqlite3")
    supervisor = Supervisor([gateway], log_dir=tmp_path / "log", say=said.append)
    supervisor.start()
    slot = supervisor.slots[0]
    try:
        assert wait_until(lambda: accepts(port), 30)
        assert slot.process is not None
        slot.process.kill()
        slot.process.wait(10)
        supervisor.tick()
        slot.retry_at = 0.0
        supervisor.tick()
        assert wait_until(lambda: accepts(port), 30)
    finally:
        supervisor.stop()

    log = tmp_path / "log" / "gateway.log"
    assert said == [f"gateway stopped (exit code -9), see {log}; again in 1 s"]
    assert (tmp_path / "books.sqlite3").exists()
    assert not accepts(port)


def test_restart_delay_doubles_up_to_half_a_minute(tmp_path: Path) -> None:
    said: list[str] = []
    crashing = Program("web", (sys.executable, "-c", "raise SystemExit(3)"))
    supervisor = Supervisor([crashing], log_dir=tmp_path, say=said.append)
    supervisor.start()
    slot = supervisor.slots[0]
    try:
        for _ in range(7):
            slot.retry_at = 0.0
            supervisor.tick()
            assert slot.process is not None
            slot.process.wait(10)
            supervisor.tick()
    finally:
        supervisor.stop()

    delays = [line.rsplit("again in ", 1)[1] for line in said]
    assert delays == ["1 s", "2 s", "4 s", "8 s", "16 s", "30 s", "30 s"]
