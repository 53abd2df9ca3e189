"""Unsafe settings and odd words of the environment stop commands and web server alike."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aftersales.database import BASE_DIR
from tests.infra.processes import environment

# Nobody listens there: a start that asked the database would say so instead.
NOWHERE = "postgres://nobody@127.0.0.1:1/none"
COMMAND = [sys.executable, "manage.py", "check"]
WEB = [sys.executable, "-c", "import aftersales.wsgi; print('up')"]
UNSAFE = (
    "from aftersales.settings import *\nQ_CLUSTER = Q_CLUSTER | {'bulk': 10, 'max_attempts': %s}\n"
)


def start(command: list[str], folder: Path, **said: str) -> subprocess.CompletedProcess[str]:
    """Run one start as a process of its own, its settings found in the folder, too."""
    env = environment(folder) | {"DATABASE_URL": NOWHERE, **said}
    env["PYTHONPATH"] = f"{folder}:{env['PYTHONPATH']}"
    env["DJANGO_SETTINGS_MODULE"] = said.get("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    return subprocess.run(
        command, capture_output=True, text=True, cwd=BASE_DIR, env=env, check=False, timeout=60
    )


@pytest.mark.parametrize(
    ("command", "attempts", "said"),
    [(COMMAND, 5, "bulk must be 1"), (WEB, 0, "positive number: max_attempts")],
    ids=["command", "web"],
)
def test_unsafe_queue_stops_the_start(
    command: list[str], attempts: int, said: str, tmp_path: Path
) -> None:
    (tmp_path / "unsafe_settings.py").write_text(UNSAFE % attempts)

    done = start(command, tmp_path, DJANGO_SETTINGS_MODULE="unsafe_settings")

    assert done.returncode == 1
    assert "Q_CLUSTER" in done.stderr
    assert said in done.stderr


def test_a_start_has_nothing_to_warn_of(tmp_path: Path) -> None:
    done = start([*COMMAND, "--fail-level", "WARNING"], tmp_path)

    assert (done.returncode, "WARNING" in done.stderr) == (0, False), done.stderr


def test_web_server_starts_without_asking_the_database(tmp_path: Path) -> None:
    done = start(WEB, tmp_path)

    assert (done.returncode, done.stdout) == (0, "up\n"), done.stderr


ODD = [
    ("DESK_API_RATE", "lots"),
    ("DESK_API_RATE", "0/min"),
    ("DESK_DEMO", "perhaps"),
    ("DESK_DEBUG", "2"),
    ("DESK_PUBLIC_URL", "ftp://x"),
    ("DESK_PUBLIC_URL", "http://"),
    ("DESK_PUBLIC_URL", "http://x:port"),
    ("DESK_SANDBOX_URL", "localhost:8901"),
    ("DESK_TIME_ZONE", "Asia/Atlantis"),
    ("DESK_LOG_LEVEL", "loud"),
    ("DESK_REFUND_GATEWAY", "cash"),
    ("DESK_WORKERS", "many"),
    ("DESK_WORKERS", "17"),
]


@pytest.mark.parametrize(("name", "value"), ODD)
def test_odd_value_in_the_environment_stops_the_start(
    name: str, value: str, tmp_path: Path
) -> None:
    done = start([sys.executable, "-c", "import aftersales.settings"], tmp_path, **{name: value})

    assert done.returncode == 1
    *_trace, last = done.stderr.strip().splitlines()
    assert last.startswith(f"django.core.exceptions.ImproperlyConfigured: {name} must be ")
    assert last.endswith(f", not {value}")


@pytest.mark.parametrize("command", [COMMAND, WEB], ids=["command", "web"])
def test_odd_value_stops_commands_and_web_server(command: list[str], tmp_path: Path) -> None:
    done = start(command, tmp_path, DESK_API_RATE="lots")

    assert done.returncode == 1
    assert "DESK_API_RATE must be like 100/min, not lots" in done.stderr


def test_usual_values_start(tmp_path: Path) -> None:
    url = "https://desk.example/"
    done = start(WEB, tmp_path, DESK_API_RATE="5/hour", DESK_DEMO="no", DESK_PUBLIC_URL=url)

    assert (done.returncode, done.stdout) == (0, "up\n"), done.stderr


def test_empty_data_folder_means_the_usual_one(tmp_path: Path) -> None:
    """An empty name must not make the working directory the place of keys and files."""
    tell = [sys.executable, "-c", "from aftersales.settings import DATA_DIR; print(DATA_DIR)"]

    done = start(tell, tmp_path, DESK_DATA_DIR="")

    assert (done.returncode, done.stdout) == (0, f"{BASE_DIR / '.data'}\n"), done.stderr
