"""On the build server a skip fails the run, with and without xdist."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aftersales.database import BASE_DIR

SUITE = """
import pytest

def test_runs():
    pass

@pytest.mark.skip(reason="no browser here")
def test_left_out():
    pass
"""


def run_suite(folder: Path, ci: str, *args: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_some.py").write_text(SUITE)
    plugins = ("-p", "tests.plugins.no_skips", "-p", "no:django", "-p", "no:cacheprovider")
    own_configuration = ("-c", os.devnull, "--rootdir", str(folder))
    return subprocess.run(
        [sys.executable, "-m", "pytest", *own_configuration, *plugins, *args, str(folder)],
        capture_output=True,
        text=True,
        cwd=BASE_DIR,
        env={**os.environ, "CI": ci},
    )


@pytest.mark.parametrize("args", [(), ("-n", "1")])
def test_skip_fails_the_build_and_is_named(tmp_path: Path, args: tuple[str, ...]) -> None:
    done = run_suite(tmp_path, "true", *args)

    assert done.returncode == 1
    assert "test_some.py::test_left_out: Skipped: no browser here" in done.stdout


def test_skip_is_allowed_elsewhere(tmp_path: Path) -> None:
    assert run_suite(tmp_path, "").returncode == 0
