"""`manage.py demo`: a whole desk on this machine, from an empty directory to a working page."""

import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.urls import reverse

from aftersales import database, embedded_server
from aftersales.demo.supervisor import Program, Supervisor, follow_parent

READY_SECONDS = 120.0
ADDRESS = "127.0.0.1"
GATEWAY_BOOKS = database.data_dir() / "sandbox.sqlite3"


class Command(BaseCommand):
    """Run the demo until Ctrl-C or SIGTERM; all it started ends with it, the database last."""

    help = "Migrate, fill an empty database with demo cases, run web server, worker and gateway."
    requires_system_checks: list[str] = []

    supervisor: Supervisor | None = None

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--cases", type=int, default=300, help="cases to invent if there are none"
        )
        parser.add_argument(
            "--follow-parent", action="store_true", help="stop when the calling process dies"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["follow_parent"]:
            follow_parent()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.on_signal)
        address = os.environ.setdefault("DESK_PUBLIC_URL", f"http://{ADDRESS}:{options['port']}")
        # Read before the port was known; the invented mails carry links to this address.
        settings.PUBLIC_URL = address.rstrip("/")
        use_sandbox_gateway()
        try:
            require_free_port(options["port"])
            self.prepare(options["cases"])
            self.serve(options["port"])
        finally:
            connections.close_all()
            if database.is_embedded():
                embedded_server.release(database.embedded_home())
        self.stdout.write("Stopped.")

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Leave the watch loop; before it has begun, leave at once."""
        if self.supervisor is None:
            raise SystemExit(0)
        self.supervisor.request_stop()

    def prepare(self, cases: int) -> None:
        """Bring the database to the newest schema and put cases into an empty one."""
        self.stdout.write("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("sync_schedules", verbosity=0)
        if not apps.get_model("tickets", "Ticket")._default_manager.exists():
            call_command("seed_demo", cases=cases)
        # The children inherit no connection, and an idle one here would serve nobody.
        connections.close_all()

    def serve(self, port: int) -> None:
        """Run the programs and watch them until a stop is requested."""
        supervisor = Supervisor(
            self.programs(port),
            log_dir=database.data_dir() / "log",
            keep_up=self.keep_database_up,
            say=self.say,
        )
        try:
            supervisor.start()
            self.supervisor = supervisor
            self.announce_when_ready(supervisor, port)
            supervisor.run()
        finally:
            self.say("Stopping …")
            supervisor.stop()

    def programs(self, port: int) -> list[Program]:
        """What is kept running, in the order of starting and stopping."""
        programs = [web_program(port), worker_program()]
        if settings.REFUND_GATEWAY == "sandbox":
            notify = settings.PUBLIC_URL + reverse("api-gateway-sandbox-notify")
            programs.insert(0, gateway_program(settings.SANDBOX_GATEWAY_URL, notify))
        return programs

    def announce_when_ready(self, supervisor: Supervisor, port: int) -> None:
        """Print address and logins once /healthz says that all parts are up."""
        deadline = time.monotonic() + READY_SECONDS
        while not supervisor.stop_requested:
            if answers(port):
                self.print_welcome(port)
                return
            if time.monotonic() > deadline:
                raise CommandError(
                    f"Not ready after {READY_SECONDS:.0f} s, see {supervisor.log_dir}."
                )
            supervisor.tick()
            time.sleep(0.2)

    def print_welcome(self, port: int) -> None:
        from aftersales.demo.logins import demo_logins  # noqa: PLC0415 -- its words need settings

        logins = demo_logins()
        width = max((len(role) for role, _, _ in logins), default=0)
        lines = [f"  {role:<{width}}  {name} / {password}" for role, name, password in logins]
        self.say(f"\nThe desk is ready: http://{ADDRESS}:{port}/\n")
        self.say("\n".join(lines))
        self.say("\nCtrl-C stops everything; the data stays.")

    def keep_database_up(self) -> None:
        """Start the embedded server again if it was killed."""
        if not database.is_embedded():
            return
        try:
            embedded_server.ensure_running(database.embedded_home())
        except embedded_server.EmbeddedServerError as error:
            self.say(str(error))

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def web_program(port: int) -> Program:
    """gunicorn with two workers of two threads, so that a slow upload does not block the others;
    more threads only wait for the interpreter, and weigh 2 MB each."""
    return Program(
        "web",
        (
            *(sys.executable, "-m", "gunicorn", "aftersales.wsgi:application"),
            *("--bind", f"{ADDRESS}:{port}", "--workers", "2"),
            *("--worker-class", "gthread", "--threads", "2", "--preload"),
            *("--timeout", "60", "--graceful-timeout", "5", "--no-control-socket"),
        ),
    )


def use_sandbox_gateway() -> None:
    """Refunds really go out in the demo, to a gateway of our own on a free port, unless the
    environment says otherwise; also in the programs that are started, which read the environment.
    """
    settings.REFUND_GATEWAY = os.environ.setdefault("DESK_REFUND_GATEWAY", "sandbox")
    url = os.environ.setdefault("DESK_SANDBOX_URL", f"http://{ADDRESS}:{free_port()}")
    settings.SANDBOX_GATEWAY_URL = url.rstrip("/")


def free_port() -> int:
    """A port nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


def gateway_program(url: str, notify: str, books: Path = GATEWAY_BOOKS) -> Program:
    """The sandbox gateway; its books stay with the demo's other data."""
    port = url.rpartition(":")[2]
    command = (*manage(), "sandbox_gateway", "--port", port, "--notify", notify)
    return Program(
        "gateway",
        (*command, "--books", str(books)),
        is_healthy=lambda: accepts(int(port)),
        grace_seconds=60.0,
    )


def accepts(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        with socket.create_connection((ADDRESS, port), timeout=5):
            return True
    except OSError:
        return False


def worker_program() -> Program:
    """The job worker, replaced as a whole group when its canary falls silent."""
    return Program("worker", (*manage(), "qcluster"), is_healthy=worker_is_healthy)


def worker_is_healthy() -> bool:
    """What `worker_health` says, asked in this process: one query instead of one more Python."""
    from aftersales.health import watch_workers  # noqa: PLC0415 -- needs the app registry

    try:
        return watch_workers()
    except DatabaseError:
        return True  # an unreachable database is no proof against the worker
    finally:
        connections.close_all()


def manage() -> tuple[str, ...]:
    """The command line of manage.py with this interpreter."""
    return (sys.executable, str(database.BASE_DIR / "manage.py"))


def require_free_port(port: int) -> None:
    """Refuse early, before minutes of seeding, what gunicorn would refuse late."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise CommandError(
                f"Port {port} is taken ({reason}). Try: make demo PORT={port + 1}"
            ) from error


def answers(port: int) -> bool:
    """Whether /healthz returns 200."""
    try:
        with urllib.request.urlopen(f"http://{ADDRESS}:{port}/healthz", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
