"""Any bytes to a `ParsedMail`: total, bounded, and honest about what was wrong (`defects`).

The standard library's parser is not used: it raises on about one mutated mail in six
(python/cpython#151857, #114906) and believes charset labels.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_tz

from tickets.mail.body import MAX_TEXT, BodyText
from tickets.mail.charset import decode_bytes, one_line, scrub
from tickets.mail.headers import Address, Headers, addresses, decode_words
from tickets.mail.mime import Part, Reader, everything, generated_filename, leaves

MAX_MESSAGE_ID = 250
MAX_SUBJECT = 500
MAX_RECIPIENTS = 50
MAX_REFERENCES = 100
MAX_KEPT_HEADERS = 300
MAX_KEPT_VALUE = 4_000
BRACKETED_ID = re.compile(r"<([^<>]{1,20000})>")
DELIVERY_STATUS = ("message/delivery-status", "message/global-delivery-status")
ACTION = re.compile(rb"^Action:[ \t]*([a-z]{1,20})", re.I | re.M)
QUOTED_ID = re.compile(r"^[ >\t]{0,8}Message-ID:[ \t]*(?:\n[ \t]+)?<([^<>\s]{3,990})>", re.I | re.M)
STRUCTURE = re.compile(r"[\x00-\x20\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class ParsedAttachment:
    """A file a mail carries; the name is safe to show, the declared type is only a claim."""

    filename: str
    declared_type: str
    content: bytes
    is_inline: bool
    content_id: str


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """What a mail says of itself. Nothing here is proven: From is a claim like all the rest.

    Message ids carry no angle brackets. `return_path` is None when absent, '' for the null path
    of bounces. `nested_message_ids` name the mails inside this one, in a bounce the one that
    bounced, `delivery_actions` what a mail host says it did: failed, delayed, delivered (RFC 3464
    2.3.3). `headers` are all top-level fields, decoded and cut, names in lower case.
    """

    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    subject: str = ""
    from_name: str = ""
    from_address: str = ""
    sender_address: str = ""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    recipient_count: int = 0
    reply_to: str = ""
    return_path: str | None = None
    date: datetime | None = None
    text: str = ""
    is_text_cut: bool = False
    has_html: bool = False
    attachments: tuple[ParsedAttachment, ...] = ()
    nested_message_ids: tuple[str, ...] = ()
    media_type: str = "text/plain"
    report_type: str = ""
    part_types: tuple[str, ...] = ()
    delivery_actions: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    defects: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """First top-level field of that name, '' when absent."""
        return next((value for key, value in self.headers if key == name.lower()), "")

    def has_header(self, name: str) -> bool:
        return any(key == name.lower() for key, _ in self.headers)


def parse_mail(raw: bytes) -> ParsedMail:
    """Parse a raw mail; never raises, so the caller can always record one outcome."""
    try:
        return _parse(raw)
    except (Exception, RecursionError) as error:  # the promise to intake is stronger than any bug
        text, _ = decode_bytes(raw[:MAX_TEXT])
        return ParsedMail(text=text, is_text_cut=True, defects=(f"failed:{type(error).__name__}",))


def _parse(raw: bytes) -> ParsedMail:
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    reader = Reader()
    root = reader.read(raw)
    envelope = _envelope(root.headers, reader)
    body = BodyText(reader)
    text = scrub(body.of(root)).strip("\n")
    return replace(
        envelope,
        text=text[:MAX_TEXT],
        is_text_cut=len(text) > MAX_TEXT,
        has_html=body.has_html,
        attachments=_attachments(root, body.used),
        nested_message_ids=_nested_ids(root, text),
        media_type=root.media_type,
        report_type=one_line(root.params.get("report-type", ""), 80).lower(),
        part_types=tuple(part.media_type for part in _own_parts(root)),
        delivery_actions=_delivery_actions(root),
        defects=tuple(reader.defects),
    )


def _envelope(headers: Headers, reader: Reader) -> ParsedMail:
    sender = (addresses(headers.text("from")) or [Address("", "")])[0]
    to, cc = _recipients(headers, "to"), _recipients(headers, "cc")
    path = headers.text("return-path") if headers.has("return-path") else None
    date = _date(headers.text("date"))
    _note_missing(reader, headers, sender=sender, date=date)
    return ParsedMail(
        message_id=message_id(headers.text("message-id")),
        in_reply_to=message_id(headers.text("in-reply-to")),
        references=_references(headers.text("references")),
        subject=one_line(decode_words(headers.text("subject")), MAX_SUBJECT),
        from_name=sender.name,
        from_address=sender.address,
        sender_address=_first_address(headers.text("sender")),
        to=tuple(to[:MAX_RECIPIENTS]),
        cc=tuple(cc[:MAX_RECIPIENTS]),
        recipient_count=len(to) + len(cc),
        reply_to=_first_address(headers.text("reply-to")),
        return_path=path if path is None else _first_address(path),
        date=date,
        headers=tuple(
            (key, one_line(decode_words(_kept(value)), MAX_KEPT_VALUE))
            for key, value in headers.fields[:MAX_KEPT_HEADERS]
        ),
    )


def message_id(text: str) -> str:
    """First id of a header without brackets or blanks; longer than 250 ends in a digest."""
    hit = BRACKETED_ID.search(text)
    bare = STRUCTURE.sub("", scrub(hit[1] if hit else text.strip("<> ").split(" ", 1)[0]))
    if len(bare) <= MAX_MESSAGE_ID:
        return bare
    digest = hashlib.sha256(bare.encode("utf-8", "replace")).hexdigest()
    return f"{bare[: MAX_MESSAGE_ID - 65]}-{digest}"


def _references(text: str) -> tuple[str, ...]:
    found = [message_id(f"<{inner}>") for inner in BRACKETED_ID.findall(text)]
    unique = list(dict.fromkeys(one for one in found if one))
    return tuple(unique[-MAX_REFERENCES:])


def _kept(value: bytes) -> str:
    return decode_bytes(value[: MAX_KEPT_VALUE * 4], "utf-8")[0]


def _recipients(headers: Headers, name: str) -> list[Address]:
    return [one for text in headers.all(name)[:5] for one in addresses(text) if one.address]


def _first_address(text: str) -> str:
    return next((one.address for one in addresses(text) if one.address), "")


def _date(text: str) -> datetime | None:
    """Moment of the Date header in UTC; a missing zone is read as UTC."""
    try:
        fields = parsedate_tz(one_line(text, 100))
        if fields is None:
            return None
        moment = datetime(*fields[:6], tzinfo=UTC).timestamp() - (fields[9] or 0)
        return datetime.fromtimestamp(moment, UTC)
    except (ValueError, OverflowError, TypeError, IndexError, OSError, AttributeError):
        return None


def _note_missing(
    reader: Reader, headers: Headers, *, sender: Address, date: datetime | None
) -> None:
    for name in ("from", "message-id", "date", "subject"):
        count = sum(key == name for key, _ in headers.fields)
        if count != 1:
            reader.note(f"{'duplicate' if count else 'missing'}-{name}")
    if headers.has("from") and not sender.address:
        reader.note("bad-from")
    if headers.has("date") and date is None:
        reader.note("bad-date")


def _attachments(root: Part, used: list[Part]) -> tuple[ParsedAttachment, ...]:
    body_parts = {id(part) for part in used}
    found: list[ParsedAttachment] = []
    for part in leaves(root):
        if id(part) in body_parts or (part.media_type.startswith("multipart/")):
            continue
        content = part.content()
        if not content and not part.filename:
            continue
        found.append(
            ParsedAttachment(
                filename=part.filename or generated_filename(part, len(found) + 1),
                declared_type=part.media_type,
                content=content,
                is_inline=part.disposition == "inline" or bool(part.content_id),
                content_id=part.content_id,
            )
        )
    return tuple(found)


def _own_parts(part: Part) -> list[Part]:
    """Parts of this mail, without those of the mails it embeds."""
    inner = [] if part.is_embedded_message else part.children
    return [part, *(one for child in inner for one in _own_parts(child))]


def _delivery_actions(root: Part) -> tuple[str, ...]:
    """Each action of the reports on delivery in this mail, once, in lower case."""
    reports = [part.content() for part in _own_parts(root) if part.media_type in DELIVERY_STATUS]
    found = [action.decode().lower() for one in reports for action in ACTION.findall(one)]
    return tuple(dict.fromkeys(found))


def _nested_ids(root: Part, text: str) -> tuple[str, ...]:
    """Ids of embedded mails, then those that old mail systems copy into their report as text."""
    embedded = [
        message_id(child.headers.text("message-id"))
        for part in everything(root)
        if part.is_embedded_message
        for child in part.children
    ]
    quoted = [message_id(f"<{inner}>") for inner in QUOTED_ID.findall(text)]
    found = dict.fromkeys(one for one in (*embedded, *quoted) if one)
    return tuple(found)[:MAX_REFERENCES]
