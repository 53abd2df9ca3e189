"""Dates are shown in the format of the reader's language, not as machines write them."""

from __future__ import annotations

import re

from tests.architecture.source import ROOT

# Year, month and day spelled out in a template.
SPELLED = re.compile(r"date:[\"']([Yy]-m[^\"']*|m-d[^\"']*)[\"']")
# (template, format) → why that is right there.
SPELLED_OUT = {
    ("compliance/_event.html", "Y-m-d H:i:s"): "auditors read seconds",
    ("compliance/_change.html", "Y-m-d H:i:s"): "auditors read seconds",
    ("tickets/case/_stream.html", "Y-m-d"): "compared, not shown",
}


def test_templates_show_dates_as_the_language_does() -> None:
    templates = ROOT / "templates"
    found = {
        (str(path.relative_to(templates)), form)
        for path in templates.rglob("*.html")
        for form in SPELLED.findall(path.read_text())
    }

    assert found == SPELLED_OUT.keys()
