"""Money stands in one way on all pages and in all mails."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from aftersales.kernel.money import figure, written
from tests.architecture.source import PACKAGES, ROOT

# An amount beside its currency that was not written by ``kernel.money``.
BARE_TEMPLATE = re.compile(r"\{\{(?![^}]*\|money)[^}]*\}\} \{\{[^}]*currency[^}]*\}\}")
IN_SENTENCE = re.compile(r"\{% blocktranslate.*?endblocktranslate %\}", re.DOTALL)
BARE_CODE = re.compile(r"\{[\w.]+\} \{[\w.]*currency\}")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("1299", "CNY", "1,299.00 CNY"),
        ("8", "EUR", "8.00 EUR"),
        ("-0.5", "USD", "-0.50 USD"),
        ("1234567.895", "CNY", "1,234,567.90 CNY"),
        ("12900.00", "JPY", "12,900 JPY"),
        ("0", "CNY", "0.00 CNY"),
        ("5", "XTS", "5.00 XTS"),
    ],
)
def test_an_amount_is_written_with_thousands_and_its_currency(
    language: str, amount: str, currency: str, said: str
) -> None:
    with translation.override(language):
        assert written(Decimal(amount), currency) == said
        assert figure(Decimal(amount), currency) == said.removesuffix(f" {currency}")


def test_templates_write_it_without_loading_anything() -> None:
    page = Template("{{ a|money:c }}|{{ a|figure:c }}|{{ none|money:c }}|{{ kept|money:c }}")

    said = page.render(Context({"a": Decimal(1299), "c": "CNY", "none": None, "kept": "8.00"}))

    assert said == "1,299.00 CNY|1,299.00||8.00 CNY"


def test_no_template_puts_an_amount_beside_its_currency_by_itself() -> None:
    files = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("templates/**/*.txt")]
    found = [
        f"{path.relative_to(ROOT)}: {hit}"
        for path in files
        for hit in BARE_TEMPLATE.findall(IN_SENTENCE.sub("", path.read_text()))
    ]

    assert len(files) > 50
    assert found == []


def test_no_code_puts_an_amount_beside_its_currency_by_itself() -> None:
    files = [path for app in PACKAGES for path in (ROOT / app).rglob("*.py")]
    found = [
        f"{path.relative_to(ROOT)}: {hit}"
        for path in files
        if path.parent.name != "kernel"
        for hit in BARE_CODE.findall(path.read_text())
    ]

    assert len(files) > 300
    assert found == []
