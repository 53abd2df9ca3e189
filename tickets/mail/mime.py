"""Body parts of a mail as a tree, within a budget of parts and depth."""

import binascii
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tickets.mail.charset import one_line
from tickets.mail.headers import Headers, decode_base64, decode_words, parameters, split_message

MAX_PARTS = 1_000
MAX_DEPTH = 30
BOUNDARY = re.compile(rb"boundary\s*=\s*(?:\"([^\"\r\n]{1,300})\"|([^\s;\"]{1,300}))", re.I)
GUESSED_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\s-][^\r\n]{0,200}|-[^\r\n]{3,200}?)[ \t]*\r?\n")
MEDIA_TYPE = re.compile(r"\s*([a-z0-9!#$&^_.+-]{1,80})/([a-z0-9!#$&^_.+-]{1,80})", re.I)
EMBEDDED = {"message/rfc822", "message/global", "message/news"}
HEADERS_ONLY = {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
DIRECTION = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]")


@dataclass(slots=True)
class Part:
    """One body part; `children` holds sub-parts, or the one mail an embedded message carries."""

    headers: Headers
    body: bytes
    media_type: str
    params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    depth: int
    children: list["Part"] = field(default_factory=list)

    @property
    def is_embedded_message(self) -> bool:
        return self.media_type in EMBEDDED or self.media_type in HEADERS_ONLY

    @property
    def is_multipart(self) -> bool:
        return bool(self.children) and not self.is_embedded_message

    @property
    def filename(self) -> str:
        named = self.disposition_params.get("filename") or self.params.get("name", "")
        return clean_filename(named)

    @property
    def content_id(self) -> str:
        return one_line(self.headers.text("content-id"), 250).strip("<> ")

    def content(self) -> bytes:
        """Body with its transfer encoding undone as far as it goes."""
        encoding = self.headers.text("content-transfer-encoding").split(";")[0].strip().lower()
        if encoding == "base64":
            return decode_base64(self.body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.body)
        if encoding in {"x-uuencode", "uuencode", "uue", "x-uue"}:
            return _uudecode(self.body)
        return self.body


class Reader:
    """Builds the tree and notes what was wrong with it."""

    def __init__(self) -> None:
        self.defects: dict[str, None] = {}
        self.count = 0

    def read(self, data: bytes, *, depth: int = 0, default: str = "text/plain") -> Part:
        self.count += 1
        headers, body, defects = split_message(data)
        self.note(*defects)
        declared = headers.text("content-type")
        hit = MEDIA_TYPE.match(declared)
        if hit is None and declared:
            self.note("bad-content-type")
        placed = headers.text("content-disposition")
        part = Part(
            headers=headers,
            body=body,
            media_type=f"{hit[1]}/{hit[2]}".lower() if hit else default,
            params=parameters(declared),
            disposition=placed.split(";")[0].strip().lower()[:40],
            disposition_params=parameters(placed),
            depth=depth,
        )
        self._read_children(part)
        return part

    def note(self, *defects: str) -> None:
        self.defects.update(dict.fromkeys(defects))

    def _read_children(self, part: Part) -> None:
        if not (part.media_type.startswith("multipart/") or part.is_embedded_message):
            return
        if part.depth >= MAX_DEPTH:
            self.note("nested-too-deep")
        elif part.is_embedded_message:
            if self.count < MAX_PARTS:
                part.children = [self.read(part.content(), depth=part.depth + 1)]
        else:
            self._read_multipart(part)

    def _read_multipart(self, part: Part) -> None:
        default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
        for piece in self._pieces(part):
            if self.count >= MAX_PARTS:
                self.note("too-many-parts")
                return
            part.children.append(self.read(piece, depth=part.depth + 1, default=default))

    def _pieces(self, part: Part) -> Iterator[bytes]:
        boundary = self._boundary(part)
        if not boundary:
            return
        fence = re.compile(rb"(?:\A|\n)--" + re.escape(boundary) + rb"(--)?[ \t]*\r?(?=\n|\Z)")
        start = -1
        for hit in fence.finditer(part.body):
            if start >= 0:
                yield part.body[start : hit.start()].removesuffix(b"\r")
            start = -1 if hit[1] else hit.end() + 1
            if hit[1]:
                return
        if start >= 0:
            self.note("multipart-unclosed")
            yield part.body[start:]
        else:
            self.note("multipart-without-parts")

    def _boundary(self, part: Part) -> bytes:
        """Declared boundary, if the body uses it, else the first line that looks like one."""
        hit = BOUNDARY.search(part.headers.raw("content-type"))
        declared = (hit[1] or hit[2]).rstrip() if hit else b""
        declared = declared or part.params.get("boundary", "").encode("utf-8", "replace")
        if declared and b"--" + declared in part.body:
            return declared
        self.note("boundary-unused" if declared else "boundary-missing")
        guess = GUESSED_BOUNDARY.search(part.body)
        return guess[1].rstrip() if guess else b""


def leaves(part: Part) -> Iterator[Part]:
    """Parts that hold content; an embedded message counts as one leaf."""
    if part.is_multipart:
        for child in part.children:
            yield from leaves(child)
    else:
        yield part


def everything(part: Part) -> Iterator[Part]:
    """All parts, those inside embedded messages too."""
    yield part
    for child in part.children:
        yield from everything(child)


def clean_filename(name: str) -> str:
    """A bare name safe to show and store: no folders, controls or direction tricks, 150 at most."""
    name = DIRECTION.sub("", decode_words(name[:2_000]))
    name = one_line(name.replace("\\", "/").rpartition("/")[2], 1_000)
    name = re.sub(r"[<>:\"|?*]", "_", name).strip(" .")
    suffix = PurePosixPath(name).suffix[:20]
    return name if len(name) <= 150 else name[: 150 - len(suffix)].rstrip() + suffix


def generated_filename(part: Part, number: int) -> str:
    """Name for a part that has none of its own."""
    if part.media_type == "application/ms-tnef":
        return "winmail.dat"
    if part.is_embedded_message:
        title = part.children[0].headers.text("subject") if part.children else ""
        return f"{clean_filename(decode_words(title))[:100] or f'message-{number}'}.eml"
    return f"attachment-{number}{mimetypes.guess_extension(part.media_type) or '.bin'}"


def _uudecode(body: bytes) -> bytes:
    out: list[bytes] = []
    inside = False
    for line in body.splitlines():
        if line.startswith(b"begin "):
            inside = True
        elif line.strip() == b"end":
            break
        elif inside and line:
            try:
                out.append(binascii.a2b_uu(line))
            except binascii.Error:
                size = ((line[0] - 32) & 63) * 4 // 3 + 2
                out.append(_uu_or_nothing(line[:size]))
    return b"".join(out)


def _uu_or_nothing(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return b""
