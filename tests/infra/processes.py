"""Real processes for the tests of database and supervisor: start, ask, find, wait."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from aftersales.database import BASE_DIR

USER_SCRIPT = """
import sys
import psycopg
from aftersales.database import database_config
config = database_config()
print(config["HOST"], flush=True)
for line in sys.stdin:
    with psycopg.connect(
        host=config["HOST"], user=config["USER"], dbname=config["NAME"], autocommit=True
    ) as connection:
        cursor = connection.execute(line)
        print(cursor.fetchone()[0] if cursor.description else "done", flush=True)
"""


def environment(data_dir: Path) -> dict[str, str]:
    """The environment of a process that uses the embedded server of `data_dir`."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    path = os.pathsep.join(filter(None, (str(BASE_DIR), env.get("PYTHONPATH"))))
    return {**env, "DESK_DATA_DIR": str(data_dir), "PYTHONPATH": path}


class DatabaseUser:
    """A process that uses the embedded server: one SQL statement a line."""

    def __init__(self, data_dir: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER_SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(data_dir),
        )

    def host(self) -> str:
        """The socket directory it was given; blocks until the server is up."""
        return self.process.stdout.readline().strip()

    def ask(self, sql: str) -> str:
        self.process.stdin.write(sql + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.kill()
        self.close()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def processes_of(data_dir: Path) -> list[psutil.Process]:
    """All living processes whose command line or environment names the directory."""
    marker = str(data_dir)
    return [process for process in psutil.process_iter() if _belongs(process, marker)]


def _belongs(process: psutil.Process, marker: str) -> bool:
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        if any(marker in word for word in process.cmdline()):
            return True
        return process.environ().get("DESK_DATA_DIR", "").startswith(marker)
    except psutil.Error:
        return False


def command_of(process: psutil.Process) -> str:
    """How it was started; '' for one that has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def process_named(data_dir: Path, text: str) -> psutil.Process:
    """The one process of the directory whose command line contains `text`."""
    (found,) = [p for p in processes_of(data_dir) if text in command_of(p)]
    return found


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll until the condition holds; False if it never did."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return condition()
