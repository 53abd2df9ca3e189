"""The embedded server lives exactly as long as its users, however these end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aftersales import database, embedded_server
from tests.infra.processes import (
    DatabaseUser,
    environment,
    process_named,
    processes_of,
    wait_until,
)


def all_gone(data_dir: Path) -> bool:
    return wait_until(lambda: not processes_of(data_dir), 15)


def test_embedded_server_survives_a_killed_user_and_ends_with_the_last(data_dir: Path) -> None:
    first, second = DatabaseUser(data_dir), DatabaseUser(data_dir)
    hosts = {first.host(), second.host()}
    postmaster = process_named(data_dir, "postgres -D")

    first.kill()
    time.sleep(2)

    assert len(hosts) == 1
    assert second.ask("SELECT current_database()") == "desk"
    assert process_named(data_dir, "postgres -D") == postmaster
    second.close()
    assert all_gone(data_dir)


def test_embedded_server_ends_when_every_user_was_killed(data_dir: Path) -> None:
    users = [DatabaseUser(data_dir), DatabaseUser(data_dir)]
    for user in users:
        user.host()

    for user in users:
        user.kill()

    assert all_gone(data_dir)


def test_embedded_server_starts_after_a_killed_starter(data_dir: Path) -> None:
    starter = DatabaseUser(data_dir)
    assert wait_until((data_dir / "pg" / "starting").exists, 10)
    time.sleep(0.3)
    starter.kill()

    user = DatabaseUser(data_dir)

    assert user.host()
    assert user.ask("SELECT 6 * 7") == "42"
    user.close()
    assert all_gone(data_dir)


@pytest.mark.parametrize(
    ("victim", "how"),
    [
        ("embedded_guard.py", signal.SIGKILL),
        ("embedded_guard.py", signal.SIGTERM),
        ("postgres -D", signal.SIGKILL),
    ],
)
def test_committed_rows_survive_an_ended_server(
    data_dir: Path, victim: str, how: signal.Signals
) -> None:
    user = DatabaseUser(data_dir)
    user.host()
    user.ask("CREATE TABLE kept (n int)")
    user.ask("INSERT INTO kept VALUES (7)")

    process_named(data_dir, victim).send_signal(how)
    newcomer = DatabaseUser(data_dir)

    assert newcomer.host()
    assert newcomer.ask("SELECT n FROM kept") == "7"
    newcomer.close()
    user.close()
    assert all_gone(data_dir)


def test_newcomer_waits_until_a_killed_server_was_noticed(data_dir: Path) -> None:
    user = DatabaseUser(data_dir)
    user.host()
    guard = process_named(data_dir, "embedded_guard.py")

    guard.suspend()
    process_named(data_dir, "postgres -D").kill()
    newcomer = DatabaseUser(data_dir)
    time.sleep(1)
    guard.resume()

    assert newcomer.host()
    assert newcomer.ask("SELECT 6 * 7") == "42"
    newcomer.close()
    user.close()
    assert all_gone(data_dir)


def test_fsync_and_small_footprint_are_set(data_dir: Path) -> None:
    user = DatabaseUser(data_dir)
    user.host()

    assert user.ask("SHOW fsync") == "on"
    assert user.ask("SHOW synchronous_commit") == "on"
    assert user.ask("SHOW listen_addresses") == ""
    assert user.ask("SHOW jit") == "off"
    user.close()


def test_long_data_directory_has_a_short_socket(data_dir: Path) -> None:
    long_dir = data_dir / ("long" * 20) / ("longer" * 20)
    user = DatabaseUser(long_dir)

    host = user.host()

    assert len(f"{host}/.s.PGSQL.5432") < 100
    assert user.ask("SELECT 1") == "1"
    user.close()
    assert all_gone(data_dir)


def test_release_waits_only_for_the_last_user(data_dir: Path) -> None:
    home = data_dir / "pg"
    embedded_server.ensure_running(home)
    other = DatabaseUser(data_dir)
    other.host()

    was_last = embedded_server.release(home)

    assert was_last is False
    assert other.ask("SELECT 1") == "1"
    embedded_server.ensure_running(home)
    other.close()
    assert embedded_server.release(home) is True
    assert processes_of(data_dir) == []
    assert not embedded_server._socket_dir(home.resolve()).exists()


def test_foreign_socket_directory_is_refused(data_dir: Path) -> None:
    socket_dir = embedded_server._socket_dir((data_dir / "pg").resolve())
    socket_dir.mkdir(mode=0o777)
    socket_dir.chmod(0o777)
    try:
        with pytest.raises(embedded_server.EmbeddedServerError, match="is not ours"):
            embedded_server.ensure_running(data_dir / "pg")
    finally:
        embedded_server.release(data_dir / "pg")
        socket_dir.rmdir()


def test_server_of_root_runs_as_somebody_else_in_a_closed_directory(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o700)
    user = DatabaseUser(data_dir)
    user.host()

    postmaster = process_named(data_dir, "postgres -D")

    assert (postmaster.uids().real == os.geteuid()) is (os.geteuid() != 0)
    assert data_dir.stat().st_mode & 0o066 == 0
    user.close()


def test_database_url_is_used_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "DATABASE_URL", "postgres://ann:s%40crt@db.example:5433/shop?sslmode=require"
    )

    config = database.database_config()

    assert not database.is_embedded()
    assert config == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "USER": "ann",
        "PASSWORD": "s@crt",
        "HOST": "db.example",
        "PORT": 5433,
        "OPTIONS": {"sslmode": "require"},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def test_running_server_costs_a_process_no_noticeable_time(data_dir: Path) -> None:
    user = DatabaseUser(data_dir)
    user.host()
    started = time.perf_counter()

    subprocess.run(
        [sys.executable, "-c", "from aftersales.database import database_config as c; c()"],
        env=environment(data_dir),
        check=True,
    )

    assert time.perf_counter() - started < 2
    user.process.send_signal(signal.SIGTERM)
    user.close()
