"""The words of a mail: which parts are its text, and HTML reduced to plain lines."""

import re
from html import unescape

from tickets.mail.charset import decode_bytes
from tickets.mail.mime import Part, Reader

MAX_TEXT = 200_000
MAX_SOURCE = 2_000_000
META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{1,40})", re.I)
TAG_NAME = re.compile(r"/?\s*([a-zA-Z][a-zA-Z0-9]*)")
SILENT = {"script", "style", "head", "title", "noscript", "template", "object"}
BLOCKS = {
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section",
    "table", "tr", "ul",
}  # fmt: skip
PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote"}


class BodyText:
    """Chooses and decodes text; `used` are the parts that became it, `has_html` is a fact."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.used: list[Part] = []
        self.has_html = False

    def of(self, part: Part) -> str:
        if part.is_embedded_message:
            return ""
        if part.is_multipart:
            return self._of_multipart(part)
        if not is_body_candidate(part):
            return ""
        self.used.append(part)
        if part.media_type == "text/html":
            self.has_html = True
        return self._decoded(part)

    def _of_multipart(self, part: Part) -> str:
        texts = [(child, self.of(child)) for child in part.children]
        if part.media_type != "multipart/alternative":
            return "\n\n".join(text.strip("\r\n") for _, text in texts if text.strip())
        plain = [text for child, text in texts if _is_plain(child) and text.strip()]
        return plain[0] if plain else next((text for _, text in texts if text.strip()), "")

    def _decoded(self, part: Part) -> str:
        data = part.content()[:MAX_SOURCE]
        label = part.params.get("charset", "")
        is_html = part.media_type == "text/html"
        if is_html and not label and (meta := META_CHARSET.search(data[:4_096])):
            label = meta[1].decode("ascii", "replace")
        text, defect = decode_bytes(data, label)
        if defect:
            self.reader.note(defect)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if is_html:
            return html_to_text(text)
        if part.params.get("format", "").lower() == "flowed":
            return unflow(text, delete_space=part.params.get("delsp", "").lower() == "yes")
        return text


def is_body_candidate(part: Part) -> bool:
    """Text shown as the mail itself rather than offered as a file."""
    if part.disposition == "attachment" or part.filename:
        return False
    return part.media_type in {"text/plain", "text/html", "text/enriched", "text/x-amp-html"} or (
        part.media_type.startswith("multipart/") and bool(part.body.strip())
    )


def _is_plain(part: Part) -> bool:
    if part.is_multipart:
        return any(_is_plain(child) for child in part.children)
    return part.media_type == "text/plain"


def unflow(text: str, *, delete_space: bool) -> str:
    """Join the soft-wrapped lines of RFC 3676 as long as the quote depth stays the same."""
    lines: list[list[str]] = []
    depth_open = -1
    for line in text.split("\n"):
        marks = len(line) - len(line.lstrip(">"))
        content = line[marks:].removeprefix(" ")
        is_soft = content.endswith(" ") and content != "-- "
        kept = content[:-1] if is_soft and delete_space else content
        if depth_open == marks and content != "-- ":
            lines[-1].append(kept)
        else:
            lines.append([f"{'>' * marks} " if marks else "", kept])
        depth_open = marks if is_soft else -1
    return "\n".join("".join(pieces) for pieces in lines)


def html_to_text(source: str) -> str:
    """Readable lines of an HTML mail in one pass; quoted blocks get '> ' like plain mail.

    No tree is built: mails nest tens of thousands of elements to hurt those who do.
    """
    return _Lines().feed(source)


class _Lines:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.silent = ""
        self.pre = 0

    def feed(self, source: str) -> str:
        pos = 0
        while pos < len(source):
            start = source.find("<", pos)
            if start < 0:
                self._words(source[pos:])
                break
            self._words(source[pos:start])
            pos = self._markup(source, start)
        self._break()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.out)).strip("\n")

    def _markup(self, source: str, start: int) -> int:
        following = source[start + 1 : start + 2]
        if not (following.isalpha() or following in {"/", "!", "?"}):
            self._words("<")
            return start + 1
        is_comment = source.startswith("<!--", start)
        stop = source.find("-->" if is_comment else ">", start + 1)
        if stop < 0:
            return len(source)
        if not is_comment:
            self._tag(source[start + 1 : stop])
        return stop + (3 if is_comment else 1)

    def _tag(self, tag: str) -> None:
        hit = TAG_NAME.match(tag[:40])
        if hit is None:
            return
        name, closing = hit[1].lower(), tag.startswith("/")
        if self.silent:
            # A body ends an unclosed head, or the whole mail would be silent.
            if (closing and name == self.silent) or name == "body":
                self.silent = ""
            return
        if name in SILENT:
            self.silent = "" if closing or tag.endswith("/") else name
        elif name == "br":
            self._break(keep_empty=True)
        elif name in {"td", "th"} and closing:
            self.line.append(" ")
        elif name in BLOCKS:
            self._block(name, closing=closing)

    def _block(self, name: str, *, closing: bool) -> None:
        self._break()
        if name == "pre":
            self.pre = 0 if closing else 1
        if name == "blockquote":
            while closing and self.out and self.out[-1] and not self.out[-1].strip(">"):
                self.out.pop()
            self.quotes = max(0, self.quotes - 1) if closing else self.quotes + 1
        elif name in PARAGRAPHS and closing and self.out and self.out[-1].strip("> "):
            self.out.append((">" * min(self.quotes, 5)).strip())

    def _words(self, text: str) -> None:
        if text and not self.silent:
            self.line.append(text)

    def _break(self, *, keep_empty: bool = False) -> None:
        text = unescape("".join(self.line)).replace("\xa0", " ").replace("\x00", "")
        self.line = []
        lines = text.split("\n") if self.pre else [" ".join(text.split())]
        mark = ">" * min(self.quotes, 5)
        for line in lines:
            if line.strip() or keep_empty:
                self.out.append(f"{mark} {line}".rstrip() if mark else line)
