"""Order files as workbooks (XLSX): the first sheet, cell by cell as text, as a CSV would say it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated

# How every zip begins, and so every workbook.
MARK: Final = b"PK\x03\x04"
# Unpacked; twenty thousand rows of forty columns stay far below.
MOST_UNPACKED: Final = 200 * 1024 * 1024
MOST_COLUMNS: Final = 200
# Tags of a sheet or of its words; of one row, which is read as a whole (Excel ends at 16,384
# cells); of anything else in a workbook. Each costs hundreds of bytes, and next to none packed.
MOST_TAGS: Final = 4_000_000
MOST_TAGS_OF_A_ROW: Final = 100_000
MOST_TAGS_ELSEWHERE: Final = 200_000
CHUNK: Final = 1 << 20


def is_workbook(content: bytes) -> bool:
    return content.startswith(MARK)


def cells_of(content: bytes, most_rows: int) -> Iterator[list[str]]:
    """The rows of the first sheet, one more than ``most_rows`` at most; raises ``RuleViolated``
    when it is no workbook."""
    from openpyxl import load_workbook  # noqa: PLC0415 -- see aftersales.lean

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise _unreadable()
            if any(_is_bomb(packed, one.filename) for one in packed.infolist()):
                raise _unreadable()
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=most_rows + 1, max_col=MOST_COLUMNS, values_only=True)
        yield from _aligned([text_of(value) for value in row] for row in rows)
    except RuleViolated:
        raise
    except Exception as error:  # a broken workbook breaks the library in any way it likes
        raise _unreadable() from error


def _is_bomb(packed: zipfile.ZipFile, name: str) -> bool:
    """Whether reading this part would cost out of all proportion; nothing is built to find out."""
    is_sheet, is_words = "worksheets/" in name, name.endswith("sharedStrings.xml")
    if not name.endswith((".xml", ".rels")):
        return False
    most = MOST_TAGS if is_sheet or is_words else MOST_TAGS_ELSEWHERE
    tags = of_a_row = 0
    with packed.open(name) as part:
        while chunk := part.read(CHUNK):
            rest, *rows = chunk.split(b"<row")
            of_a_row += rest.count(b"<")
            tags += chunk.count(b"<")
            longest = max([of_a_row, *(row.count(b"<") for row in rows)])
            if tags > most or (is_sheet and longest > MOST_TAGS_OF_A_ROW):
                return True
            of_a_row = rows[-1].count(b"<") if rows else of_a_row
    return False


def _unreadable() -> RuleViolated:
    message = _("This is neither a CSV file nor a workbook (XLSX) that can be read.")
    return RuleViolated("not_csv", message, field="file")


def _aligned(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Every row as wide as the headings: a sheet leaves out empty cells at the end or adds some."""
    width = 0
    for cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        width = width or len(cells)
        yield cells + [""] * (width - len(cells)) if cells else cells


def text_of(value: Any) -> str:
    """A cell as it would stand in a CSV: whole numbers without a point, moments as we read them."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).replace("\x00", "\ufffd")
