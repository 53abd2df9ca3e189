"""The demo's post office: mails become files in a folder, and a page shows them.

A file is named after the Message-ID, so a mail that is delivered twice lies there once, as in the
mail programs of customers.
"""

from __future__ import annotations

import email
import email.policy
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage as ParsedMail
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib import admin
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PER_PAGE = 50
FILE_NAME = re.compile(r"[0-9a-f]{32}")


class FolderBackend(BaseEmailBackend):
    """Writes each mail to ``settings.MAIL_FOLDER`` as a whole file or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = mail_folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            deliver(folder, message.message().as_bytes())
        return len(email_messages)


def mail_folder() -> Path:
    return Path(settings.MAIL_FOLDER)


def deliver(folder: Path, content: bytes) -> None:
    """Put a mail into the folder under its Message-ID; a second delivery changes nothing."""
    mail_id = str(parse(content)["Message-ID"])
    target = folder / f"{sha256(mail_id.encode()).hexdigest()[:32]}.eml"
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(name, target)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)


def parse(content: bytes) -> ParsedMail:
    return email.message_from_bytes(content, policy=email.policy.default)


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail of the folder, as the pages show it."""

    name: str
    delivered_at: datetime
    sender: str
    recipient: str
    subject: str
    body: str


def read_mail(file: Path) -> StoredMail:
    mail = parse(file.read_bytes())
    part = mail.get_body(("plain",))
    return StoredMail(
        name=file.stem,
        delivered_at=datetime.fromtimestamp(
            file.stat().st_mtime, tz=timezone.get_current_timezone()
        ),
        sender=str(mail["From"] or ""),
        recipient=str(mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        body=part.get_content() if part else "",
    )


def newest_first() -> list[Path]:
    """Files of the folder, those delivered last on top."""
    with os.scandir(mail_folder()) as entries:
        found = [(e.stat().st_mtime, e.path) for e in entries if e.name.endswith(".eml")]
    return [Path(name) for _at, name in sorted(found, reverse=True)]


def mailbox_list(request: HttpRequest) -> HttpResponse:
    """What customers have received."""
    require_demo()
    mail_folder().mkdir(parents=True, exist_ok=True)
    page = Paginator(newest_first(), PER_PAGE).get_page(request.GET.get("page"))
    mails = [read_mail(file) for file in page]
    return _page(request, "demo/mailbox.html", _("Customers' mailbox"), mails=mails, page=page)


def mailbox_mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as the customer sees it; its links can be followed."""
    require_demo()
    file = mail_folder() / f"{name}.eml"
    if not FILE_NAME.fullmatch(name) or not file.exists():
        raise Http404
    mail = read_mail(file)
    return _page(request, "demo/mail.html", mail.subject, mail=mail)


def require_demo() -> None:
    """Elsewhere mails leave the house and this page does not exist."""
    if not settings.DEMO:
        raise Http404


def _page(request: HttpRequest, template: str, title: object, **context: object) -> HttpResponse:
    frame = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, template, {**frame, **context})


urlpatterns = [
    path("", admin.site.admin_view(mailbox_list), name="demo_mailbox"),
    path("<str:name>/", admin.site.admin_view(mailbox_mail), name="demo_mail"),
]
