"""Request bodies of bounded size. Apart from ``kernel.api`` because settings name these classes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from json import JSONDecodeError
from typing import IO, Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ErrorDetail, ParseError, ValidationError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.utils.json import strict_constant


class BodyTooLarge(APIException):
    """More was sent than anything here takes."""

    status_code = 413
    default_code = "body_too_large"
    default_detail = _("The request is too large.")


class LengthMissing(APIException):
    """A body in chunks: rest_framework takes it for an empty one."""

    status_code = 411
    default_code = "length_required"
    default_detail = _("Send the body with its length (Content-Length), not in chunks.")


# An escaped surrogate: half of a character, unless the other half follows.
HALF_CHARACTER: Final = re.compile(r"\\u[dD][89a-fA-F]")
# A caller that is still sending when the connection closes never reads why it was refused.
MOST_DRAINED = 64 * 1024 * 1024
# No body of ours has more than eight levels. Refusals spell what was sent, and they stand deeper in
# the stack than the parser: what it could just read they could not write.
MOST_LEVELS: Final = 32


def require_length(context: Mapping[str, Any] | None, most: int) -> None:
    """Refuse by the announced length; up to ``MOST_DRAINED`` bytes are thrown away, none kept."""
    request = (context or {}).get("request")
    length = str(request.META.get("CONTENT_LENGTH") or "") if request else ""
    if length.isdecimal() and int(length) > most:
        if int(length) <= MOST_DRAINED:
            drain(request)
        raise BodyTooLarge()


def drain(stream: Any) -> None:
    while stream.read(64 * 1024):
        pass


class BoundedJsonParser(JSONParser):
    """JSON of at most ``DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes and a sane depth."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        require_length(parser_context, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        try:
            text = stream.read().decode()
            data = json.loads(text, parse_constant=strict_constant, object_pairs_hook=named_once)
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        except JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            text = _("The request is not valid JSON (line %(line)s, column %(column)s).") % place
            raise ParseError(text) from None
        except ValueError:  # no UTF-8, or NaN
            raise ParseError(_("The request is not valid JSON.")) from None
        if text.count("[") + text.count("{") > MOST_LEVELS and not is_shallow(data, MOST_LEVELS):
            raise ParseError(_("The JSON is nested too deeply."))
        if HALF_CHARACTER.search(text):
            require_whole(data)
        return data


def is_shallow(data: Any, levels: int) -> bool:
    """Whether objects and lists stand in each other at most so many times."""
    layer = [data]
    for _level in range(levels):
        layer = [
            part
            for one in layer
            if isinstance(one, dict | list)
            for part in (one.values() if isinstance(one, dict) else one)
            if isinstance(part, dict | list)
        ]
        if not layer:
            return True
    return False


def require_whole(data: Any) -> None:
    """Refuse half of a character, which nobody could store or read back; the field is named."""
    fields = data if isinstance(data, dict) else {"": data}
    for name, value in fields.items():
        if not is_whole(name):
            raise ParseError(_("The request is not valid JSON."))
        if not is_whole(value):
            refusal = ErrorDetail(str(_("This holds half of a character.")), code="invalid")
            raise ValidationError({name: [refusal]})


def is_whole(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the body; raises ``ParseError`` when a name is given twice: which one counts?"""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(_("“%(name)s” is given twice.") % {"name": twice[:60]})
    return made


class BoundedFormParser(MultiPartParser):
    """Forms with a file of at most ``ATTACHMENT_MAX_BYTES`` and a little around it."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        require_length(parser_context, settings.ATTACHMENT_MAX_BYTES + 64 * 1024)
        return super().parse(stream, media_type, parser_context)
