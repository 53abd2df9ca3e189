"""Reading a file of reviews: any encoding of our markets; a broken row harms only itself."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from django.utils.translation import gettext as _

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.spreadsheet import csv_in_words, unguard

FIELDS = ("text", "external_id", "rating", "author", "order", "language")
# One record may span this many lines; beyond, a quote was never closed.
MOST_LINES = 50
LONGEST_LINE = 400_000
SAMPLE = 4_000_000
# How a packed file fails to be read.
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)
# Marks a byte that is not of the encoding; no text can hold it otherwise.
UNREADABLE = "\udc80"


def mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNREADABLE, error.end


codecs.register_error("desk.mark", mark)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column holds what; the keys are of ``FIELDS``."""

    columns: dict[str, str]

    @classmethod
    def of(cls, pairs: list[str]) -> Mapping:
        """From ``text=COLUMN`` arguments; raises ``RuleViolated`` for anything else."""
        columns: dict[str, str] = {}
        for pair in pairs:
            name, equals, column = pair.partition("=")
            if not equals or name not in FIELDS or not column:
                raise RuleViolated(
                    "bad_mapping",
                    _("“%(pair)s” is not of the form FIELD=COLUMN with a field of: %(known)s.")
                    % {"pair": pair, "known": ", ".join(FIELDS)},
                    field="map",
                )
            if name in columns:
                raise RuleViolated(
                    "mapped_twice",
                    _("%(field)s has two columns, “%(first)s” and “%(second)s”. Choose one.")
                    % {"field": name, "first": columns[name], "second": column},
                    field="map",
                )
            columns[name] = column
        if "text" not in columns:
            raise RuleViolated(
                "no_text", _("Say which column holds the text: text=COLUMN."), field="map"
            )
        return cls(columns)

    def require_in(self, header: list[str]) -> None:
        """Raise ``RuleViolated`` unless each column stands there once."""
        for name, column in self.columns.items():
            if column not in header:
                raise RuleViolated(
                    "no_column",
                    _("There is no column “%(column)s” for %(field)s. The columns are: %(known)s.")
                    % {"column": column, "field": name, "known": ", ".join(header)[:500]},
                    field=name,
                )
            if header.count(column) > 1:
                raise RuleViolated(
                    "column_twice",
                    _("There are several columns “%(column)s”. Rename all but one.")
                    % {"column": column},
                    field=name,
                )


@dataclass(frozen=True, slots=True)
class Row:
    """One record; ``fault`` says why it cannot be used, '' when it can."""

    number: int
    cells: list[str]
    header: list[str]
    fault: str = ""

    def value(self, column: str) -> str:
        return self.cells[self.header.index(column)]


@contextmanager
def intact() -> Iterator[None]:
    """Raises ``RuleViolated`` where a packed file turns out to be cut or damaged."""
    try:
        yield
    except DAMAGED as error:
        told = _("The packed file is cut or damaged.")
        raise RuleViolated("damaged", told, field="file") from error


class FeedbackFile:
    """A ``.csv`` or ``.csv.gz`` opened for reading; iterate for its rows, once.

    Raises ``RuleViolated`` on opening when it has no header, or a mapped column not exactly once.
    """

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self.path = path
        self.encoding = recognise(sample_of(path))
        self.text = io.TextIOWrapper(
            open_bytes(path), encoding=self.encoding, errors="desk.mark", newline=""
        )
        self.waiting: deque[str] = deque()
        self.number = 0
        self.header: list[str] = []
        self.header = self.read_header(mapping)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.text.close()

    def read_header(self, mapping: Mapping) -> list[str]:
        first = self.record()
        if first is None or first.fault:
            self.text.close()
            raise RuleViolated(
                "no_header", _("The file has no line of column names."), field="file"
            )
        self.number = 0
        header = [unguard(name.strip()) for name in first.cells]
        try:
            mapping.require_in(header)
        except RuleViolated:
            self.text.close()
            raise
        return header

    def __iter__(self) -> Iterator[Row]:
        while (row := self.record()) is not None:
            yield row

    def record(self) -> Row | None:
        """The next record that is not blank; ``None`` at the end."""
        while True:
            pulled: list[str] = []
            try:
                cells = next(csv.reader(self.feed(pulled), strict=True))
            except StopIteration:
                return None
            except csv.Error as error:
                self.waiting.extendleft(reversed(pulled[1:]))
                return self.row([readable(pulled[0].rstrip("\r\n"))], csv_in_words(error))
            if cells:
                return self.row(cells, self.fault_of(cells))

    def row(self, cells: list[str], fault: str) -> Row:
        self.number += 1
        return Row(self.number, cells, self.header, fault)

    def fault_of(self, cells: list[str]) -> str:
        if any(UNREADABLE in cell for cell in cells):
            cells[:] = [readable(cell) for cell in cells]
            return _("It holds bytes that are not %(encoding)s.") % {"encoding": self.encoding}
        if any("\x00" in cell for cell in cells):
            return _("It holds a zero byte.")
        if self.header and len(cells) != len(self.header):
            return _("It has %(found)s columns instead of %(wanted)s.") % {
                "found": len(cells),
                "wanted": len(self.header),
            }
        return ""

    def feed(self, pulled: list[str]) -> Iterator[str]:
        """Lines for one record, remembered so that a broken one gives the others back."""
        while len(pulled) < MOST_LINES:
            line = self.waiting.popleft() if self.waiting else self.text.readline(LONGEST_LINE)
            if not line:
                return
            pulled.append(line)
            yield line


def readable(text: str) -> str:
    return text.replace(UNREADABLE, "\ufffd")


def open_bytes(path: Path) -> IO[bytes]:
    """The plain bytes, unpacked when the content (not the name) says gzip."""
    with path.open("rb") as raw:
        is_packed = raw.read(2) == b"\x1f\x8b"
    return gzip.open(path) if is_packed else path.open("rb")  # type: ignore[return-value]


def sample_of(path: Path) -> bytes:
    with open_bytes(path) as raw:
        return raw.read(SAMPLE)


def recognise(sample: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, else GB18030, which holds GBK.

    A few broken bytes do not make UTF-8 something else: real GBK read as UTF-8 breaks everywhere.
    """
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    foreign = sum(byte > 127 for byte in sample)
    broken = codecs.getincrementaldecoder("utf-8")("desk.mark").decode(sample).count(UNREADABLE)
    return "utf-8" if broken * 10 <= foreign else "gb18030"
