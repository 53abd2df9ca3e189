"""The registry of what colleagues can be told: words with blanks, filled in when they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language

from aftersales.kernel.errors import Text
from aftersales.kernel.refs import for_reader

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NoticeType:
    """A kind of notice. The words take their blanks, ``%(case)s``, from the notice's parameters.

    ``body`` may be a function of the parameters. ``is_for_chat`` sends it to the chats of the
    department, too: nothing that concerns one person only.
    """

    code: str
    title: Text
    body: Text | Callable[[Params], str] = ""
    is_for_chat: bool = False


_types: dict[str, NoticeType] = {}


def register(types: Iterable[NoticeType]) -> None:
    """Add types from an app's ``ready()``; a code given twice must be the same type."""
    for notice_type in types:
        if _types.setdefault(notice_type.code, notice_type) != notice_type:
            raise ValueError(f"notice {notice_type.code} is registered twice")


def get(code: str) -> NoticeType:
    """The type behind a code; raises ``LookupError`` for a code nobody registered."""
    try:
        return _types[code]
    except KeyError:
        raise LookupError(f"unknown notice {code}") from None


def check(code: str, params: Params) -> None:
    """Raise ``LookupError`` for an unknown code, ``KeyError`` for a blank nobody fills."""
    known = get(code)
    for text in (known.title, known.body):
        if not callable(text):
            _filled = str(text) % dict(params)


def title(code: str, params: Params) -> str:
    """The headline in the active language; a retired code of an old notice is shown as it is."""
    known = _types.get(code)
    return for_reader(str(known.title) % _shown(params)) if known else code


def body(code: str, params: Params) -> str:
    """What there is to say beyond the headline, in the active language."""
    known = _types.get(code)
    if known is None:
        return ""
    if callable(known.body):
        return for_reader(known.body(params))
    return for_reader(str(known.body) % _shown(params))


def _shown(params: Params) -> Mapping[str, str]:
    """Parameters in the active language; a blank nobody filled stays empty."""
    return defaultdict(str, {name: _localized(name, value) for name, value in params.items()})


def _localized(name: str, value: Any) -> str:
    """``{"en": …, "zh-hans": …}`` in the reader's language, ``…_at`` as local time."""
    if isinstance(value, Mapping):
        return str(value.get(get_language() or "") or value.get("en", ""))
    moment = parse_datetime(value) if name.endswith("_at") and isinstance(value, str) else None
    if moment is not None:
        return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    return str(value)
