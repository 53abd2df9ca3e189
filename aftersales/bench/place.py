"""A database of its own for measuring, beside the desk's, kept for the next run."""

from __future__ import annotations

import os
from typing import Any, Final
from urllib.parse import quote

import psycopg
from django.db import connection
from psycopg import sql

BENCH_NAME: Final = "desk_bench"


def bench_url(config: dict[str, Any]) -> str:
    """The address of the measuring database on the server of `config`."""
    user = quote(config.get("USER") or "", safe="")
    password = quote(config.get("PASSWORD") or "", safe="")
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    host = str(config.get("HOST") or "")
    if host.startswith("/"):  # a directory with the server's socket
        return f"postgres://{login}/{host}/{BENCH_NAME}"
    port = f":{config['PORT']}" if config.get("PORT") else ""
    return f"postgres://{login}{quote(host, safe='')}{port}/{BENCH_NAME}"


def make_database(config: dict[str, Any], *, is_new: bool) -> bool:
    """Create the database if it is missing, or anew; says whether it is empty now."""
    name = sql.Identifier(BENCH_NAME)
    with psycopg.connect(
        host=config.get("HOST") or None,
        port=config.get("PORT") or None,
        user=config.get("USER") or None,
        password=config.get("PASSWORD") or None,
        dbname=config["NAME"],
        autocommit=True,
    ) as db:
        if is_new:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        found = db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [BENCH_NAME]).fetchone()
        if not found:
            db.execute(sql.SQL("CREATE DATABASE {}").format(name))
        return not found


def filled_size() -> int:
    """How many cases the database was filled with; 0 for a new or half-filled one."""
    with connection.cursor() as db:
        db.execute("SELECT to_regclass('bench_size')")
        if db.fetchone()[0] is None:
            return 0
        db.execute("SELECT coalesce(max(cases), 0) FROM bench_size")
        return int(db.fetchone()[0])


def note_size(cases: int) -> None:
    """Written last, so that a half-filled database is never taken for a full one."""
    with connection.cursor() as db:
        db.execute("CREATE TABLE bench_size (cases bigint NOT NULL)")
        db.execute("INSERT INTO bench_size VALUES (%s)", [cases])


def environment(url: str, folder: str) -> dict[str, str]:
    """What the measuring process and its web server see of the world."""
    kept = {**os.environ, "DATABASE_URL": url, "DESK_DATA_DIR": folder, "DESK_DEMO": "1"}
    return kept | {"DJANGO_SETTINGS_MODULE": "aftersales.settings", "DESK_API_RATE": "1000000/min"}
