"""Reading our own source as trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import AppConfig, apps

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "aftersales",
    "compliance",
    "clocks",
    "staff",
    "customers",
    "tickets",
    "returns",
    "handoffs",
)


@dataclass(frozen=True, slots=True)
class Module:
    """One file: its path from the root and its tree."""

    path: str
    tree: ast.Module

    def place(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 0)}"


@cache
def modules() -> tuple[Module, ...]:
    """Every module of ours except migrations."""
    paths = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return tuple(
        Module(str(path.relative_to(ROOT)), ast.parse(path.read_text()))
        for path in paths
        if "migrations" not in path.parts
    )


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    """The last name of what is called: ``update`` for ``rows.filter().update()``."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def our_apps() -> list[AppConfig]:
    return [config for config in apps.get_app_configs() if config.name in PACKAGES]
