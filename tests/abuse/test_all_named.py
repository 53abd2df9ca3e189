"""Every abuse case of reference/reliability.md section 9 has its named test, or no door to try.

A test carries the numbers of the cases it proves: ``test_abuse_<number>[_<number>…]_<what holds>``.
Where the feature does not exist, the case stands in ``NO_SUCH_DOOR`` with what is there instead,
and its test looks for the door, so that whoever builds one meets the case.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.source import ROOT, calls, modules

TESTS = Path(__file__).parent.parent
NUMBERED = re.compile(r"test_abuse_(\d\d(?:_\d\d)*)_[a-z]")
NO_SUCH_DOOR = {
    50: "No PDF is made; files that leave are CSV and XLSX.",
    58: "No sockets, no event streams; what a page asks for again is a page of the case's scope.",
    73: "No single sign-on: people sign in by name and password, programs by a key.",
    79: "No WeChat callback; XML is read out of workbooks only, by administrators.",
    80: "No certificates of gateways are fetched or kept; notifications are signed by a secret.",
}


@cache
def named() -> dict[int, list[str]]:
    """Case → its tests."""
    found: dict[int, list[str]] = {}
    for file in TESTS.rglob("test_*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            hit = NUMBERED.match(node.name) if isinstance(node, ast.FunctionDef) else None
            for number in hit[1].split("_") if hit else ():
                found.setdefault(int(number), []).append(f"{file.name}::{node.name}")
    return found


def imported() -> set[str]:
    """Everything our own code imports, by its full name."""
    names: set[str] = set()
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                names |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {f"{node.module}.{one.name}" for one in node.names}
    return names


def locked() -> set[str]:
    """The packages the desk runs with."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    return set(re.findall(r"^([a-z0-9_.-]+)==", text, re.MULTILINE))


@pytest.mark.parametrize("number", range(1, 91))
def test_case_has_its_named_test(number: int) -> None:
    assert named().get(number), NO_SUCH_DOOR.get(number, "neither a test nor a reason")


def test_only_cases_of_the_list_are_named() -> None:
    assert set(named()) == set(range(1, 91))
    assert set(NO_SUCH_DOOR) <= set(named())


# Files that no person opens as a spreadsheet.
FOR_MACHINES = {
    "aftersales/bench/importing.py": "measured input of an import",
    "returns/gateways/sandbox/ledger.py": "the sandbox's bill, read by manage.py reconcile",
}


def test_abuse_51_every_file_of_cells_is_guarded() -> None:
    writers = {
        module.path
        for module in modules()
        for call in calls(module.tree)
        if ast.unparse(call.func) in ("csv.writer", "csv.DictWriter", "Workbook")
    }
    guarded = {
        module.path
        for module in modules()
        for call in calls(module.tree)
        if "guard" in ast.unparse(call).replace("(", " ").replace(",", " ").split()
    }

    assert writers - guarded == set(FOR_MACHINES)
    assert "customers/resources.py" in guarded  # writes by a library


def test_abuse_82_pickles_are_read_in_one_place() -> None:
    readers = {
        module.path
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(word in ast.unparse(node) for word in ("pickle", "marshal", "shelve", "yaml"))
    }

    assert readers == {"aftersales/plain_jobs.py"}


def test_abuse_73_nobody_signs_in_by_another_house() -> None:
    assert settings.AUTHENTICATION_BACKENDS == [
        "axes.backends.AxesStandaloneBackend",
        "staff.backends.RoleBackend",
    ]
    makers = {"django-allauth", "social-auth-core", "pysaml2", "python3-saml", "authlib"}
    assert not locked() & (makers | {"mozilla-django-oidc", "django-oauth-toolkit", "ldap3"})


def test_abuse_79_no_code_of_ours_reads_xml() -> None:
    readers = ("xml.", "lxml", "defusedxml", "xmltodict", "bs4")

    assert not [name for name in imported() if name.startswith(readers)]
    assert not locked() & {"wechatpy", "wechatpayv3", "werobot", "lxml"}


def test_abuse_80_no_certificate_is_fetched_or_kept() -> None:
    keepers = ("cryptography", "OpenSSL", "ssl.", "Crypto", "jwcrypto")

    assert not [name for name in imported() if name.startswith(keepers)]
    assert not locked() & {"pyopenssl", "wechatpayv3", "python-alipay-sdk", "alipay-sdk-python"}
