"""A data directory of its own for each test, and nothing left of it afterwards."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from aftersales import embedded_server
from tests.infra.processes import processes_of, wait_until


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "data"

    yield directory

    for process in processes_of(tmp_path):
        process.kill()
    wait_until(lambda: not processes_of(tmp_path), 10)
    socket_dir = embedded_server._socket_dir((directory / "pg").resolve())
    shutil.rmtree(socket_dir, ignore_errors=True)
