"""Reading the trail in tests, and tampering with it as the owner of the database could."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, models
from django.test import Client

from compliance.models import JournalEntry
from staff.models import User


def entries(obj: models.Model) -> list[JournalEntry]:
    """The journal of one object, oldest first."""
    rows = JournalEntry.objects.filter(table_name=obj._meta.db_table, row_pk=obj.pk)
    return list(rows.order_by("id"))


def last_entry(obj: models.Model) -> JournalEntry:
    return entries(obj)[-1]


def sql(statement: str, *params: object) -> None:
    """A statement in Django's own connection, past every model."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    """The table without its triggers, as its owner can have it."""
    sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [table],
        )
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def psql(statement: str) -> None:
    """A statement in a connection that knows nothing of Django, committed at once."""
    settings = connection.settings_dict
    with psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"] or None,
        autocommit=True,
    ) as other:
        other.execute(statement)


def browser(user: User) -> Client:
    """A signed-in browser in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client
