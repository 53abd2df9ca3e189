"""Libraries that others import in passing and a web request hardly ever needs: 11 MB of memory and
a quarter of a second at start, in every process.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module


def import_without_extras() -> None:
    """Import those others as if the library was not there; it is imported when it is needed.

    rest_framework looks for requests because of a test client nobody here uses, for markdown and
    pygments because of pages for browsing an API, which this one has not. import-export imports
    openpyxl to see whether it can: it is told so instead.
    """
    with _absent("requests", "markdown", "pygments"):
        import_module("rest_framework.compat")
    with _absent("openpyxl"):
        formats = import_module("import_export.formats.base_formats")
    registry = import_module("tablib.formats").registry
    registry.register("xlsx", "tablib.formats._xlsx.XLSXFormat")
    for known in (formats.DEFAULT_FORMATS, formats.BINARY_FORMATS):
        if formats.XLSX not in known:
            known.append(formats.XLSX)


@contextmanager
def _absent(*names: str) -> Iterator[None]:
    missing = [name for name in names if name not in sys.modules]
    for name in missing:
        sys.modules[name] = None  # type: ignore[assignment]  # how Python notes that there is none
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]
