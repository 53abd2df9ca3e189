"""Header block, encoded words, parameters and addresses, read without trusting any of them."""

import binascii
import re
from dataclasses import dataclass
from string import ascii_letters, digits
from urllib.parse import unquote_to_bytes

from tickets.mail.charset import decode_bytes, one_line

MAX_HEADERS = 1_000
MAX_VALUE = 65_536
MAX_PARAMS = 200
NOT_BASE64 = bytes(set(range(256)) - set(ascii_letters.encode() + digits.encode() + b"+/="))
HEADER_LINE = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
ADDRESS = re.compile(
    r"[^\s@<>,;:\"\\()\[\]]{1,128}@[\w\u0080-\uffff](?:[\w\u0080-\uffff.-]{0,250}[\w\u0080-\uffff])?"
)
PARAMETER = re.compile(r";\s*([^\s=;\"]{1,80})\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)", re.DOTALL)
CONTINUED = re.compile(r"^([^*]+)(?:\*(\d{1,3}))?(\*)?$")
ADDRESS_TOKEN = re.compile(
    r"\"((?:[^\"\\]|\\.)*)\"?|<([^<>]*)>?|([,;])|([()])|([^\"<>,;()]+)|.", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox as written: `address` is lower case, '' when no mail could be sent to it."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Headers:
    """Unfolded header fields in their order; names are lower case, values raw bytes."""

    fields: tuple[tuple[str, bytes], ...]

    def raw(self, name: str) -> bytes:
        return next((value for key, value in self.fields if key == name), b"")

    def all(self, name: str) -> list[str]:
        return [raw_text(value) for key, value in self.fields if key == name]

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.fields)

    def text(self, name: str) -> str:
        """First field of that name with 8-bit bytes decoded, encoded words kept."""
        return raw_text(self.raw(name))


def split_message(data: bytes) -> tuple[Headers, bytes, tuple[str, ...]]:
    """Header fields, body and defects of a message or body part."""
    fields: list[tuple[str, list[bytes]]] = []
    defects: list[str] = []
    pos, end = 0, len(data)
    while pos < end:
        stop = data.find(b"\n", pos) + 1 or end
        line = data[pos:stop].rstrip(b"\r\n")
        if not line.strip():
            pos = stop
            break
        if line[:1] in b" \t" and fields:
            if len(fields[-1][1]) < MAX_HEADERS:
                fields[-1][1].append(line[:MAX_VALUE])
        elif hit := HEADER_LINE.fullmatch(line[:MAX_VALUE]):
            if len(fields) < MAX_HEADERS:
                fields.append((hit[1].decode("ascii").lower(), [hit[2]]))
            elif "too-many-headers" not in defects:
                defects.append("too-many-headers")
        elif not line.startswith((b"From ", b">From ")) or fields:
            defects.append("bad-header-line")
            if not fields or not _header_follows(data, stop):
                break
        pos = stop
    headers = Headers(tuple((name, b"".join(value)[:MAX_VALUE].strip()) for name, value in fields))
    return headers, data[pos:], tuple(dict.fromkeys(defects))


def _header_follows(data: bytes, pos: int) -> bool:
    line = data[pos : pos + 300].split(b"\n", 1)[0].rstrip(b"\r")
    return not line.strip() or HEADER_LINE.match(line) is not None


def raw_text(value: bytes) -> str:
    """Header bytes as text; raw GBK is common and its second bytes look like ASCII syntax."""
    return decode_bytes(value[:MAX_VALUE], "utf-8")[0]


def decode_words(text: str) -> str:
    """Resolve RFC 2047 words, wherever they stand; a character may be split between two words."""
    out: list[str] = []
    pending, label, pos = b"", "", 0
    for hit in ENCODED_WORD.finditer(text):
        gap = text[pos : hit.start()]
        charset = hit[1].split("*", 1)[0]
        if gap.strip() or charset.lower() != label.lower():
            out += [decode_bytes(pending, label)[0], gap if gap.strip() or not label else ""]
            pending = b""
        label, pos = charset, hit.end()
        pending += _word_bytes(hit[2], hit[3])
    return "".join([*out, decode_bytes(pending, label)[0], text[pos:]])


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    return decode_base64(data)


def decode_base64(data: bytes) -> bytes:
    """Decode what is there: foreign characters skipped, missing padding supplied."""
    core = data.translate(None, NOT_BASE64).split(b"=", 1)[0]
    if len(core) % 4 == 1:
        core = core[:-1]
    return binascii.a2b_base64(core + b"=" * (-len(core) % 4))


def parameters(text: str) -> dict[str, str]:
    """Parameters of Content-Type or Content-Disposition, RFC 2231 pieces joined, words decoded."""
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for count, hit in enumerate(PARAMETER.finditer(text[text.find(";") :] if ";" in text else "")):
        key = CONTINUED.match(hit[1].lower())
        if key is None or count >= MAX_PARAMS:
            continue
        value = hit[2].strip()
        if value.startswith('"'):
            value = re.sub(r"\\([\\\"])", r"\1", value.strip('"'))
        pieces.setdefault(key[1], []).append((int(key[2] or -1), bool(key[3]), value))
    return {name: _join_pieces(found) for name, found in pieces.items()}


def _join_pieces(found: list[tuple[int, bool, str]]) -> str:
    """Extended or continued pieces win over a plain twin; only the first may name the charset."""
    chosen = [piece for piece in found if piece[0] >= 0 or piece[1]] or found[:1]
    chosen.sort(key=lambda piece: piece[0])
    if not any(extended for _, extended, _ in chosen):
        return decode_words("".join(value for _, _, value in chosen))
    data, label = b"", ""
    for index, (_, extended, value) in enumerate(chosen):
        if index == 0 and extended and value.count("'") >= 2:
            label, _, value = value.split("'", 2)
        data += unquote_to_bytes(value) if extended else value.encode("utf-8", "replace")
    return decode_bytes(data, label or "utf-8")[0]


def addresses(text: str) -> list[Address]:
    """Mailboxes of an address header, structure first and words after, so words cannot inject."""
    found: list[Address] = []
    names: list[str] = []
    angle: str | None = None
    depth = 0
    for hit in ADDRESS_TOKEN.finditer(text):
        quoted, inside, stop, bracket, plain = hit.groups()
        if bracket:
            depth = max(0, depth + (1 if bracket == "(" else -1))
        elif depth and quoted is None and inside is None:
            continue
        elif stop:
            found += _mailbox(names, angle)
            names, angle = [], None
        elif quoted is not None:
            names.append(re.sub(r"\\(.)", r"\1", quoted, flags=re.S))
        elif inside is not None:
            angle = inside if angle is None or "@" not in angle else angle
        elif plain:
            names.append(plain)
    return found + _mailbox(names, angle)


def _mailbox(names: list[str], angle: str | None) -> list[Address]:
    written = " ".join(part.strip() for part in names if part.strip())
    if angle is None:
        bare = written.rpartition(":")[2].strip()
        if address := usable_address(bare):
            return [Address("", address)]
        shown = one_line(decode_words(written), 200)
        # Some clients encode name and address into one word.
        hits = ADDRESS.findall(shown)
        address = usable_address(hits[0]) if len(hits) == 1 else ""
        return [Address(shown, address)] if shown else []
    name = one_line(decode_words(written), 200)
    return [Address(name, usable_address(angle.rpartition(":")[2]))]


def usable_address(text: str) -> str:
    """Lower-cased address, or '' unless the whole text is one that could receive mail."""
    text = text.strip().strip("'")
    good = len(text) <= 254 and ADDRESS.fullmatch(text) and text.isprintable() and ".." not in text
    return text.lower() if good else ""
