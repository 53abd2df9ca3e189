"""The guard of one embedded PostgreSQL: starts it, stops it when its last user is gone.

Run as a script with `python -S`, so it uses the standard library only and stays small. It is told
what to do by one JSON object (see `Orders`) and answers on standard output, `ready` or the reason
why not, before it goes to the background. From then on three locks of the kernel (flock) tell the
story, and none of them outlives its process:

- `starting` is held, inherited from whoever started the guard, until the server answers;
- `guard` is held exclusively as long as the server runs;
- `lease` is held shared by each user of the server. If the guard gets it exclusively, nobody is
  left.
"""

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

LINGER_SECONDS = 1.0
POLL_SECONDS = 0.2
START_SECONDS = 60.0
STOP_SECONDS = 60.0
LOG_BYTES = 5_000_000
PR_SET_PDEATHSIG = 1


class Orders(NamedTuple):
    """What the guard is told; `uid` and `gid` are None for an ordinary user."""

    home: str
    socket_dir: str
    bin_dir: str
    database: str
    options: dict[str, str]
    starting_fd: int
    uid: int | None
    gid: int | None


class StartFailed(Exception):
    """The server did not come up; the text is shown to the person who started it."""


def die_with_parent(parent: int, signal_number: int) -> Callable[[], None]:
    """Return a `preexec_fn` that ties a child to this process; call it after any change of user."""
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def tie() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def drop_privileges(orders: Orders) -> None:
    """Become the server's user, because PostgreSQL refuses to run as root."""
    if orders.uid is None or orders.gid is None:
        return
    os.setgroups([])
    os.setgid(orders.gid)
    os.setuid(orders.uid)


def run_tool(orders: Orders, name: str, *args: str, text: str = "") -> None:
    """Run one of PostgreSQL's tools to its end; raises StartFailed with what it printed."""
    done = subprocess.run(  # noqa: S603 -- our own binaries, no shell
        [f"{orders.bin_dir}/{name}", *args],
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StartFailed(f"{name} failed: {done.stdout.strip()}")


def ensure_cluster(orders: Orders) -> Path:
    """Return the data directory; made under another name, so that a crash leaves no half of it."""
    data = Path(orders.home, "data")
    if (data / "PG_VERSION").exists():
        return data
    unfinished = Path(orders.home, f"data.{os.getpid()}")
    run_tool(
        orders,
        "initdb",
        f"--pgdata={unfinished}",
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions",
    )
    unfinished.rename(data)
    return data


def wait_for_leftover(data: Path) -> None:
    """Let a server whose guard was killed finish its shutdown, which the kernel told it to do."""
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        try:
            pid = int((data / "postmaster.pid").read_text().splitlines()[0])
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except (OSError, ValueError, IndexError):
            return
        if name != "postgres":
            return
        time.sleep(POLL_SECONDS)
    raise StartFailed(f"another server (process {pid}) still uses {data}")


def start_server(orders: Orders, data: Path) -> subprocess.Popen[bytes]:
    """Start the server, return when it accepts connections; raises StartFailed with its words."""
    log = Path(orders.home, "server.log")
    mode = "wb" if log.exists() and log.stat().st_size > LOG_BYTES else "ab"
    options = {**orders.options, "unix_socket_directories": orders.socket_dir}
    with log.open(mode) as output:
        server = subprocess.Popen(  # noqa: S603 -- our own binaries, no shell
            [f"{orders.bin_dir}/postgres", "-D", str(data)]
            + [f"--{name}={value}" for name, value in options.items()],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=orders.home,
            preexec_fn=die_with_parent(os.getpid(), signal.SIGINT),
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            last_words = log.read_text(errors="replace").splitlines()[-5:]
            raise StartFailed("the server stopped at once: " + " / ".join(last_words))
        if is_ready(data, server.pid):
            return server
        time.sleep(0.02)
    stop_server(server)
    raise StartFailed(f"the server was not ready within {START_SECONDS:.0f} s, see {log}")


def is_ready(data: Path, pid: int) -> bool:
    """Read from postmaster.pid whether this server (and no former one) accepts connections."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def ensure_database(orders: Orders) -> None:
    """Create the desk's database if it is missing; the name is ours and needs no quoting."""
    query = (
        f"SELECT 'CREATE DATABASE {orders.database}' WHERE NOT EXISTS "  # noqa: S608
        f"(SELECT FROM pg_database WHERE datname = '{orders.database}') \\gexec\n"
    )
    connection = ("--host", orders.socket_dir, "--username=postgres", "--dbname=template1")
    run_tool(orders, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *connection, text=query)


def stop_server(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions are rolled back, committed ones are on disk."""
    for signal_number, patience in (
        (signal.SIGINT, STOP_SECONDS),
        (signal.SIGQUIT, 10.0),
        (signal.SIGKILL, 10.0),
    ):
        if server.poll() is not None:
            return
        server.send_signal(signal_number)
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def watch(orders: Orders, server: subprocess.Popen[bytes]) -> None:
    """Return when the server has stopped or nobody has used it for a moment, or on SIGTERM."""
    lease = os.open(f"{orders.home}/lease", os.O_RDWR)
    free_since: float | None = None
    while server.poll() is None:
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            free_since = None
        else:
            now = time.monotonic()
            free_since = now if free_since is None else free_since
            if now - free_since >= LINGER_SECONDS:
                return  # still holding the lease: a newcomer waits until the server is down
            fcntl.flock(lease, fcntl.LOCK_UN)
        time.sleep(POLL_SECONDS)


def go_to_background(message: str) -> None:
    """Report to the starter and let go of its terminal, so that it sees the end of our output."""
    with suppress(BrokenPipeError):  # a killed starter: others may be waiting for the server
        os.write(1, message.encode())
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)


def interrupt(_signal_number: int, _frame: object) -> None:
    """Turn SIGTERM into a normal way out."""
    raise SystemExit(0)


def guard(orders: Orders) -> None:
    """Run one server from start to stop."""
    data = ensure_cluster(orders)
    wait_for_leftover(data)
    running = os.open(f"{orders.home}/guard", os.O_RDWR)
    server = start_server(orders, data)
    try:
        ensure_database(orders)
        fcntl.flock(running, fcntl.LOCK_EX)
        os.close(orders.starting_fd)
        go_to_background("ready")
        watch(orders, server)
    except SystemExit:
        # Told to stop although in use: newcomers must not take this server for a running one.
        fcntl.flock(running, fcntl.LOCK_UN)
        raise
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop_server(server)
    # Still holding the locks, so no newcomer is about to use it.
    with suppress(OSError):
        os.rmdir(orders.socket_dir)
    # Before the lease, which the exit gives back: whoever waits for it must not see a guard.
    fcntl.flock(running, fcntl.LOCK_UN)


def main() -> None:
    """Detach from the starter (own session, not its child), then guard."""
    raw = json.loads(sys.argv[1])
    orders = Orders(**raw)
    if os.fork():
        os._exit(0)
    os.setsid()
    signal.signal(signal.SIGTERM, interrupt)
    try:
        drop_privileges(orders)
        os.umask(0o077)
        os.chdir(orders.home)
        guard(orders)
    except (StartFailed, OSError) as error:
        go_to_background(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
