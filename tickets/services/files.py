"""Files of a case: sniffed, capped, stored by digest, shown only as a thumbnail drawn anew."""

from __future__ import annotations

import io
import unicodedata
import warnings
from dataclasses import dataclass

import puremagic
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from PIL.WebPImagePlugin import WebPImageFile

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, lazily, require
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.services import service
from compliance.services import record
from staff.models import User
from tickets import files
from tickets.models import Attachment, Message, Ticket
from tickets.policies import can_attach
from tickets.querysets import is_system
from tickets.services.shared import lock_ticket, save

THUMBNAIL = ".thumb.webp"
THUMBNAIL_SIZE = (480, 480)
# As decoded; cameras' JPEGs are decoded smaller. Four bytes each, and a copy while it is drawn.
MOST_PIXELS = 25_000_000
PICTURES = {"image/jpeg", "image/png", "image/webp", "image/gif"}


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as it came in."""

    name: str
    content: bytes


@service
def add_file(
    ticket_id: int,
    new: NewFile,
    *,
    actor: User,
    message: Message | None = None,
    is_internal: bool = False,
) -> Attachment:
    """Keep a file with the case; raises ``RuleViolated`` for an empty or too large one.

    The sender's word on name and type is not trusted: the name is cleaned, the type sniffed.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_attach(actor, ticket))
    attachment = store(ticket, new, actor=actor, message=message, is_internal=is_internal)
    save(ticket)
    return attachment


def store(
    ticket: Ticket, new: NewFile, *, actor: User, message: Message | None, is_internal: bool = False
) -> Attachment:
    """The part of ``add_file`` that other verbs with a locked case share.

    Decoding a picture takes seconds, so a job draws its thumbnail when the case is free again.
    """
    check_size(new)
    media_type = sniff(new.content)
    digest = files.put(new.content)
    is_picture, is_drawn = media_type in PICTURES, files.path_of(digest, THUMBNAIL).exists()
    attachment = Attachment(
        ticket=ticket,
        message=message,
        file_name=clean_name(new.name),
        digest=digest,
        media_type=media_type,
        size=len(new.content),
        has_thumbnail=is_picture and is_drawn,
        added_by=actor,
        is_internal=is_internal,
        added_at=now(),
    )
    attachment.save(force_insert=True)
    record(
        "tickets.file_added",
        attachment,
        actor=actor,
        case=ticket,
        data={"sha256": digest, "size": attachment.size, "type": media_type},
    )
    if is_picture and not is_drawn:
        enqueue("tickets.draw_thumbnail", attachment.pk)
    return attachment


@service
def note_thumbnail(attachment_id: int, *, actor: User) -> Attachment:
    """Say that the thumbnail of a file is drawn; raises ``InvalidTransition`` if that was said."""
    attachment = Attachment.objects.visible_to(actor).locked().get(pk=attachment_id)
    require(is_system(actor))
    if attachment.has_thumbnail:
        raise InvalidTransition(_("This preview is drawn already."))
    attachment.has_thumbnail = True
    attachment.save(update_fields=["has_thumbnail"])
    record("tickets.preview_drawn", attachment, actor=actor, case=attachment.ticket)
    return attachment


def check_size(new: NewFile) -> None:
    """Raises ``RuleViolated`` for an empty file or one above ``ATTACHMENT_MAX_BYTES``."""
    if not new.content:
        raise RuleViolated("empty_file", _("The file is empty."), field="file")
    most = settings.ATTACHMENT_MAX_BYTES
    megabytes = {"most": most // 1024 // 1024}
    if len(new.content) > most:
        raise RuleViolated(
            "file_too_large",
            lazily(lambda: gettext("The file is too large (%(most)s MB at most).") % megabytes),
            field="file",
        )


def sniff(content: bytes) -> str:
    """Media type from the bytes; what is not recognised is ``application/octet-stream``."""
    head = content[:1024].lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml")):
        return "image/svg+xml" if b"<svg" in head else "text/html"
    try:
        return str(puremagic.from_string(content[:65536], mime=True)) or "application/octet-stream"
    except (puremagic.PureError, ValueError, LookupError):
        return "text/plain" if is_text(content[:4096]) else "application/octet-stream"


def is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8", errors="strict")
    except UnicodeDecodeError:
        return False
    return not any(ord(char) < 9 for char in text)


def clean_name(name: str) -> str:
    """The last path part without control or direction characters, at most 120 long."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 10:
        return kept[:120] or "file"
    return f"{stem[:109]}.{ending}" if stem else f"file.{ending}"


def draw_thumbnail(content: bytes, digest: str) -> bool:
    """Draw the picture anew, small and without its metadata; ``False`` for what is no picture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as picture:
                picture.draft("RGB", THUMBNAIL_SIZE)
                if picture.width * picture.height > MOST_PIXELS:
                    return False
                small = picture.convert("RGB")
            small.thumbnail(THUMBNAIL_SIZE)
            small = ImageOps.exif_transpose(small)
    except Exception:
        return False
    out = io.BytesIO()
    small.save(out, WebPImageFile.format, quality=78)
    files.put(out.getvalue(), digest=digest, suffix=THUMBNAIL)
    return True
