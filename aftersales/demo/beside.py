"""Processes that invent beside the one that writes.

Inventing keeps Python busy, writing the database, and a second core would have nothing to do.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Generator
from enum import Enum, auto
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from signal import SIGKILL
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.dummy.base import DatabaseWrapper as NoDatabase

from aftersales.embedded_guard import die_with_parent

# Forked, because what is invented stands on rows of a transaction that nobody else sees.
FORK: Final = get_context("fork")

Send = Callable[[Any], None]


class Word(Enum):
    """What a process says."""

    HERE = auto()
    DONE = auto()
    FAILED = auto()


class InventingFailed(Exception):
    """A process beside this one broke off; the text is its traceback."""


def beside(work: Callable[[int, Send], None], lanes: int) -> Generator[tuple[int, Any], None, None]:
    """Run ``work(lane, send)`` in so many processes; yields (lane, what it sent) as it comes.

    They begin with everything known here, but have no database. Whatever ends the iteration ends
    them, too; raises `InventingFailed` where one broke off.
    """
    processes, readers = [], dict[Connection, int]()
    try:
        for lane in range(lanes):
            reader, writer = FORK.Pipe(duplex=False)
            process = FORK.Process(target=_run, args=(work, lane, writer, os.getpid()), daemon=True)
            process.start()
            writer.close()
            processes.append(process)
            readers[reader] = lane
        while readers:
            yield from _heard(readers)
    finally:
        for process in processes:
            process.kill()
            process.join()


def _heard(readers: dict[Connection, int]) -> Generator[tuple[int, Any], None, None]:
    """What has come by now; who is done is not listened to any more."""
    ready = wait(readers)
    for reader in [one for one in readers if one in ready]:
        try:
            word, thing = reader.recv()
        except EOFError:
            word, thing = Word.FAILED, "It was killed."
        match word:
            case Word.HERE:
                yield readers[reader], thing
            case Word.DONE:
                del readers[reader]
            case Word.FAILED:
                raise InventingFailed(thing)


def _run(work: Callable[[int, Send], None], lane: int, writer: Connection, parent: int) -> None:
    """The process itself. The parent's connection is put aside, not closed: that would end the
    session on the server, which is still the parent's."""
    die_with_parent(parent, SIGKILL)()
    kept, connections[DEFAULT_DB_ALIAS] = connections[DEFAULT_DB_ALIAS], NoDatabase({})
    try:
        work(lane, lambda thing: writer.send((Word.HERE, thing)))
    except BaseException:
        writer.send((Word.FAILED, traceback.format_exc()))
    else:
        writer.send((Word.DONE, None))
    finally:
        connections[DEFAULT_DB_ALIAS] = kept
