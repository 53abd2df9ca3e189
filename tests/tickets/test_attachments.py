"""Files on a case: what is kept, what is refused, and that nothing is ever shown as sent."""

from __future__ import annotations

import io
import struct
import threading
import zlib
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from django.test import override_settings
from PIL import Image

from aftersales.kernel.errors import InvalidTransition, NotPermitted
from compliance.models import AuditEvent
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tests.tickets.case_page import address, do, page_of, signed_in, traces
from tickets import files, jobs
from tickets.models import Attachment, Ticket
from tickets.services import files as case_files
from tickets.services import joining
from tickets.services.files import NewFile, add_file

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], list[str]]

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
_color = count(1)
HTML = b"<!doctype html><script>alert(1)</script>"


def photo() -> bytes:
    """A picture of its own: one that was drawn before is not drawn again."""
    out = io.BytesIO()
    color = next(_color)
    Image.new("RGB", (900, 600), (color, 80, 120)).save(out, "PNG")
    return out.getvalue()


def pixel_flood() -> bytes:
    """A valid PNG header that promises 3.6 thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def sent(ticket: Ticket, *uploads: tuple[str, bytes], **data: Any) -> Any:
    """A reply with files, by an agent of the case's department."""
    given = [SimpleUploadedFile(name, content) for name, content in uploads]
    return do(make_user(), ticket, "reply", body="See the files", files=given, **data)


def got(ticket: Ticket, attachment: Attachment, kind: str = "file") -> Any:
    return signed_in(make_user()).get(address(ticket, f"{kind}/{attachment.pk}"))


def test_several_files_go_with_an_answer() -> None:
    ticket = make_ticket()

    response = sent(ticket, ("a.jpg", photo()), ("b.txt", b"trace"))

    assert response.status_code == 302
    assert [file.file_name for file in Attachment.objects.order_by("pk")] == ["a.jpg", "b.txt"]
    assert {file.message.kind for file in Attachment.objects.all()} == {"outbound"}


def test_file_of_a_note_is_internal() -> None:
    ticket = make_ticket()

    do(make_user(), ticket, "note", body="See", files=[SimpleUploadedFile("x.txt", b"x")])

    assert Attachment.objects.get().is_internal


def test_photo_is_a_download_and_its_thumbnail_is_drawn_anew(run_jobs: RunJobs) -> None:
    ticket = make_ticket()
    content = photo()
    sent(ticket, ("sleeve.png", content))
    attachment = Attachment.objects.get()

    whole, early = got(ticket, attachment), got(ticket, attachment, "thumbnail")
    assert "tickets.draw_thumbnail" in run_jobs()
    small = got(ticket, attachment, "thumbnail")

    assert whole.content == content
    assert whole["Content-Type"] == "image/png"
    assert whole["Content-Disposition"] == 'attachment; filename="sleeve.png"'
    assert early.status_code == 404
    assert small["Content-Type"] == "image/webp"
    assert max(Image.open(io.BytesIO(small.content)).size) == 480


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_nothing_is_decoded_while_the_case_is_locked(
    run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, draw, others = make_ticket(), case_files.draw_thumbnail, []

    def lock_elsewhere() -> None:
        try:
            with transaction.atomic():
                others.append(Ticket.objects.select_for_update(nowait=True).get(pk=ticket.pk))
        finally:
            connection.close()

    def watched(content: bytes, digest: str) -> bool:
        other = threading.Thread(target=lock_elsewhere)
        other.start()
        other.join()
        assert not connection.in_atomic_block
        return draw(content, digest)

    monkeypatch.setattr(case_files, "draw_thumbnail", watched)
    sent(ticket, ("sleeve.png", photo()))
    assert not others

    run_jobs()

    assert others == [ticket]
    assert Attachment.objects.get().has_thumbnail


def test_preview_cut_short_is_finished_by_the_next_try_and_told_once(
    run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = add_file(make_ticket().pk, NewFile("a.png", photo()), actor=make_user())
    told = AuditEvent.objects.filter(code="tickets.preview_drawn")

    def killed(pk: int, **values: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(case_files, "note_thumbnail", killed)
        with pytest.raises(OperationalError):
            jobs.draw_thumbnail(kept.pk)
    kept.refresh_from_db()
    assert (kept.has_thumbnail, told.count()) == (False, 0)

    jobs.draw_thumbnail(kept.pk)
    jobs.draw_thumbnail(kept.pk)

    kept.refresh_from_db()
    assert (kept.has_thumbnail, told.count()) == (True, 1)
    with pytest.raises(InvalidTransition):
        case_files.note_thumbnail(kept.pk, actor=system_actor())
    with pytest.raises(NotPermitted):
        case_files.note_thumbnail(kept.pk, actor=make_user(Role.LEAD))


def test_picture_drawn_before_needs_no_job(run_jobs: RunJobs) -> None:
    ticket, lead, content = make_ticket(), make_user(), photo()
    add_file(ticket.pk, NewFile("a.png", content), actor=lead)
    run_jobs()

    again = add_file(ticket.pk, NewFile("b.png", content), actor=lead)

    assert again.has_thumbnail
    assert "tickets.draw_thumbnail" not in run_jobs()


@pytest.mark.parametrize(
    ("name", "content"), [("x.svg", SVG), ("x.html", HTML), ("holiday.jpg", HTML), ("x.png", SVG)]
)
def test_abuse_42_45_markup_is_kept_but_never_shown(name: str, content: bytes) -> None:
    ticket = make_ticket()
    sent(ticket, (name, content))
    attachment = Attachment.objects.get()

    response = got(ticket, attachment)

    assert response.content == content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert got(ticket, attachment, "thumbnail").status_code == 404
    page = signed_in(make_user()).get(page_of(ticket)).content.decode()
    assert f"/thumbnail/{attachment.pk}/" not in page


def test_abuse_49_name_is_cleaned_of_directions_and_folders() -> None:
    ticket = make_ticket()

    sent(
        ticket, ("invoice\u202egpj.exe", b"MZ"), ("../../etc/passwd", b"x"), ("c:\\a\\b.txt", b"y")
    )

    names = [file.file_name for file in Attachment.objects.order_by("pk")]
    assert names == ["invoicegpj.exe", "passwd", "b.txt"]


def test_name_with_quotes_and_chinese_survives_the_header() -> None:
    ticket = make_ticket()
    sent(ticket, ('破损"照片\r\nX-Evil: 1.jpg', photo()))

    response = got(ticket, Attachment.objects.get())

    assert "X-Evil" not in response.headers
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_abuse_48_pixel_flood_is_kept_without_a_thumbnail(run_jobs: RunJobs) -> None:
    ticket = make_ticket()

    response = sent(ticket, ("flood.png", pixel_flood()))

    assert response.status_code == 302
    assert "tickets.draw_thumbnail" in run_jobs()
    assert not Attachment.objects.get().has_thumbnail


@pytest.mark.parametrize(
    ("kind", "size", "is_drawn"),
    [
        ("PNG", (4_000, 6_000), True),
        ("PNG", (5_100, 5_000), False),
        ("WEBP", (5_100, 5_000), False),
        ("JPEG", (9_000, 9_000), True),
    ],
)
def test_abuse_48_picture_is_drawn_by_what_it_takes_to_decode(
    kind: str, size: tuple[int, int], is_drawn: bool
) -> None:
    out = io.BytesIO()
    Image.new("L" if kind == "JPEG" else "RGB", size).save(out, kind)
    content = out.getvalue()

    assert case_files.draw_thumbnail(content, sha256(content).hexdigest()) == is_drawn


def test_photo_taken_on_its_side_is_drawn_upright() -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (900, 300)).save(out, "JPEG", exif=exif)
    digest = sha256(out.getvalue()).hexdigest()

    assert case_files.draw_thumbnail(out.getvalue(), digest)

    small = Image.open(io.BytesIO(files.read(digest, case_files.THUMBNAIL)))
    assert small.size == (160, 480)


def test_thirty_megabytes_are_refused_and_nothing_is_kept() -> None:
    ticket = make_ticket()
    before = traces(ticket)

    response = sent(ticket, ("small.txt", b"small one"), ("film.mp4", b"\0" * 30 * 1024 * 1024))

    page = response.content.decode()
    assert response.status_code == 422
    assert "“film.mp4” is too large (20 MB at most). Nothing was sent or kept." in page
    assert ">See the files</textarea>" in page
    assert traces(ticket) == before
    assert not files.path_of(files.sha256(b"small one").hexdigest()).exists()


@override_settings(ATTACHMENT_MAX_BYTES=10)
def test_file_of_just_the_size_is_taken() -> None:
    ticket = make_ticket()

    assert sent(ticket, ("a.txt", b"0123456789")).status_code == 302
    assert sent(ticket, ("b.txt", b"0123456789a")).status_code == 422


def test_empty_file_is_refused() -> None:
    ticket = make_ticket()
    before = traces(ticket)

    response = sent(ticket, ("empty.txt", b""))

    assert response.status_code == 422
    assert traces(ticket) == before


def test_file_out_of_scope_is_not_found() -> None:
    ticket = make_ticket()
    sent(ticket, ("a.jpg", photo()))
    attachment = Attachment.objects.get()
    stranger = signed_in(make_user(Role.LEAD, department=make_department("other")))

    assert stranger.get(address(ticket, f"file/{attachment.pk}")).status_code == 404
    assert stranger.get(address(ticket, f"thumbnail/{attachment.pk}")).status_code == 404


def test_file_of_another_case_is_not_found_under_this_one() -> None:
    ticket, other = make_ticket(), make_ticket()
    sent(other, ("a.txt", b"a"))

    assert got(ticket, Attachment.objects.get()).status_code == 404


def test_file_of_a_merged_case_is_found_under_the_one_that_goes_on() -> None:
    lead = make_user(Role.LEAD)
    ticket, other = make_ticket(lead), make_ticket(lead)
    sent(other, ("a.txt", b"a"))
    joining.merge_tickets(other.pk, ticket.pk, actor=lead, is_sure=True)

    assert got(ticket, Attachment.objects.get()).status_code == 200
