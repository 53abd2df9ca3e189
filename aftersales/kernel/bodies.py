"""Request bodies of bounded size. Apart from ``kernel.api`` because settings name these classes."""

from __future__ import annotations

from collections.abc import Mapping
from json import JSONDecodeError
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser, MultiPartParser


class BodyTooLarge(APIException):
    """More was sent than anything here takes."""

    status_code = 413
    default_code = "body_too_large"
    default_detail = _("The request is too large.")


# A caller that is still sending when the connection closes never reads why it was refused.
MOST_DRAINED = 64 * 1024 * 1024


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
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        except ParseError as error:
            raise ParseError(place_of(error)) from None


def place_of(error: ParseError) -> str:
    """What is wrong in the caller's language; the parser's own words are for programmers."""
    cause = error.__context__
    if not isinstance(cause, JSONDecodeError):
        return str(_("The request is not valid JSON."))
    return _("The request is not valid JSON (line %(line)s, column %(column)s).") % {
        "line": cause.lineno,
        "column": cause.colno,
    }


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
