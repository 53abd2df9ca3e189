"""Files of a case: always a download; only thumbnails drawn by us are shown in the page."""

from __future__ import annotations

from typing import cast

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from staff.models import User
from tickets import files
from tickets.choices import LinkKind
from tickets.models import Attachment, Ticket, TicketLink
from tickets.querysets import reads_hidden
from tickets.services.files import PICTURES, THUMBNAIL

LOCKED_DOWN = "sandbox; default-src 'none'"


def visible_file(user: User, number: str, pk: int) -> Attachment:
    """A file shown on the case's page: its own or of a case merged into it; else 404.

    Whoever sees the case sees what was merged into it, so scope is asked of the case alone.
    """
    case = Ticket.objects.visible_to(user).filter(number=number).first()
    if case is None:
        raise Http404
    merged = TicketLink.objects.filter(target=case, kind=LinkKind.MERGED, canceled_at=None)
    found = Attachment.objects.filter(Q(ticket=case) | Q(ticket__in=merged.values("ticket")))
    if not reads_hidden(user):
        found = found.shown()
    file = found.filter(pk=pk).first()
    if file is None:
        raise Http404
    return file


def download(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The file as it came, for saving; pictures keep their type, everything else loses it."""
    found = visible_file(cast(User, request.user), number, pk)
    kind = found.media_type if found.media_type in PICTURES else "application/octet-stream"
    response = answer(found.digest, "", kind)
    response["Content-Disposition"] = content_disposition_header(True, found.file_name) or ""
    return response


def thumbnail(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The picture as redrawn on arrival."""
    found = visible_file(cast(User, request.user), number, pk)
    if not found.has_thumbnail:
        raise Http404
    response = answer(found.digest, THUMBNAIL, "image/webp")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def answer(digest: str, suffix: str, kind: str) -> HttpResponse:
    try:
        content = files.read(digest, suffix)
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(content, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = LOCKED_DOWN
    response["Cache-Control"] = "private, no-store"
    return response
