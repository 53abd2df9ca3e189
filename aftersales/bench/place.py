"""A database of its own for measuring, beside the desk's, kept for the next run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote

import psycopg
from django.db import connection, models
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


@contextmanager
def without_indexes(tables: Iterable[str]) -> Iterator[None]:
    """Take foreign keys and plain indexes away for a load, and build them again afterwards.

    Building them over the finished rows is several times faster, and validates every reference.
    """
    names = list(tables)
    keys, indexes = foreign_keys(names), plain_indexes(names)
    with connection.cursor() as db:
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL alters no table with checks due
        for table, name, _definition in keys:
            db.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            db.execute(f'DROP INDEX "{name}"')
        yield
        db.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _name, definition in indexes:
            db.execute(definition)
        for table, name, definition in keys:
            db.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def foreign_keys(tables: list[str]) -> list[tuple[str, str, str]]:
    with connection.cursor() as db:
        db.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            [tables],
        )
        return list(db.fetchall())


def plain_indexes(tables: list[str]) -> list[tuple[str, str]]:
    """Indexes that back no constraint."""
    with connection.cursor() as db:
        db.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "WHERE i.indrelid::regclass::text = ANY(%s) "
            "AND NOT i.indisprimary AND NOT i.indisunique "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
            [tables],
        )
        return [(name.strip('"'), definition) for name, definition in db.fetchall()]


def table_names(models_: Iterable[type[models.Model]]) -> list[str]:
    """The tables of models and of their histories."""
    names = []
    for model in models_:
        names.append(model._meta.db_table)
        if hasattr(model, "history"):
            names.append(model.history.model._meta.db_table)
    return names


def environment(url: str, folder: str) -> dict[str, str]:
    """What the measuring process and its web server see of the world."""
    kept = {**os.environ, "DATABASE_URL": url, "DESK_DATA_DIR": folder, "DESK_DEMO": "1"}
    return kept | {"DJANGO_SETTINGS_MODULE": "aftersales.settings", "DESK_API_RATE": "1000000/min"}
