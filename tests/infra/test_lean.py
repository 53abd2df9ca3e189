"""Libraries left out of a process are there when they are needed."""

from __future__ import annotations

import subprocess
import sys

from aftersales.database import BASE_DIR

TOLD = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
import aftersales.wsgi
print(sorted({"openpyxl", "requests", "apprise"} & set(sys.modules)))
from import_export.formats.base_formats import BINARY_FORMATS, DEFAULT_FORMATS, XLSX
from tablib import Dataset
sheet = XLSX()
print(sheet.is_available(), XLSX in BINARY_FORMATS, XLSX in DEFAULT_FORMATS)
written = sheet.export_data(Dataset(["a", 2], headers=["x", "y"]))
print(sheet.create_dataset(written).dict)
import requests
print(requests.__name__)
"""


def test_heavy_libraries_wait_until_somebody_needs_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOLD], capture_output=True, text=True, cwd=BASE_DIR, check=False
    )

    assert done.stdout.splitlines() == [
        "[]",
        "True True True",
        "[{'x': 'a', 'y': 2}]",
        "requests",
    ], done.stderr
