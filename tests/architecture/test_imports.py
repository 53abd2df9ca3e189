"""The house: imports point one way, and nothing else lies about."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT


def test_import_contracts_are_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")

    run = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout[-4000:]


def test_top_level_holds_the_project_and_nothing_of_an_installation() -> None:
    """A key or a database made here by a process with an odd folder would be committed one day."""
    top = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}

    assert top == {
        *PACKAGES, "docs", "locale", "static", "templates", "tests",
        "Makefile", "README.md", "manage.py", "pyproject.toml",
        "requirements.lock", "requirements-dev.lock",
    }  # fmt: skip
