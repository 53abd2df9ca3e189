"""Jobs as the queue stores them, read as plain data, under our keys, for our one dispatcher.

django-q2 keeps jobs and results as pickles, which may run anything when they are read, and only
jobs are signed: whoever may write to the database could have code run by a worker or, with a
planted result, by the page of failed jobs. A schedule may even name any function. Here numbers,
texts, containers of them and moments are read, and only ``kernel.jobs.run`` is called.
"""

from __future__ import annotations

import io
import pickle
from datetime import datetime, timedelta, timezone
from typing import Any, Final

import picklefield.fields
from django.conf import settings
from django.core.signing import BadSignature
from django_q import core_signing
from django_q.conf import Conf
from django_q.signing import SignedPackage

DISPATCHER: Final = "aftersales.kernel.jobs.run"
# Would call a function of their own when the job is done.
CALLS_BACK: Final = {"hook", "chain", "iter_count"}
PLAIN: Final = {(one.__module__, one.__qualname__): one for one in (datetime, timedelta, timezone)}


class PlainUnpickler(pickle.Unpickler):
    """Knows no names but those of moments."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return PLAIN[module, name]
        except KeyError:
            raise BadSignature(f"{module}.{name} is no plain data") from None


def loads(data: bytes) -> Any:
    """What a pickle of plain data says; raises ``BadSignature`` for any other."""
    try:
        return PlainUnpickler(io.BytesIO(data)).load()
    except BadSignature:
        raise
    except Exception as error:  # broken bytes break it in any way they like
        raise BadSignature(f"{type(error).__name__}: {error}") from error


class PlainSerializer:
    """As ``django_q.signing.PickleSerializer``, for reading."""

    loads = staticmethod(loads)


def read_job(signed: str) -> dict[str, Any]:
    """A job signed with the key of today or an earlier one; raises ``BadSignature``, at which the
    queue drops it."""
    task = _opened(signed)
    if not isinstance(task, dict) or task.get("func") != DISPATCHER or CALLS_BACK & task.keys():
        raise BadSignature("this is no job of the desk")
    return task


def _opened(signed: str) -> Any:
    problem: BadSignature | None = None
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return core_signing.loads(signed, key=key, salt=Conf.PREFIX, serializer=PlainSerializer)
        except BadSignature as error:
            problem = problem or error
    raise problem or BadSignature("nothing is signed without a key")


def take_over() -> None:
    """Have django-q2 read so, in every process."""
    SignedPackage.loads = staticmethod(read_job)
    picklefield.fields.loads = loads
