"""One record of the log, one beginning of a line: what strangers write cannot look like another."""

from __future__ import annotations

import logging
import re

LINE_END = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
INDENT = "\n    "


class IndentedFormatter(logging.Formatter):
    """Lines after the first are indented, and signs that steer a terminal are spelled out.

    Texts of errors quote what was refused: names, subjects, whole rows of the database.
    """

    def format(self, record: logging.LogRecord) -> str:
        lines = LINE_END.split(super().format(record))
        return INDENT.join(CONTROL.sub(_spelled, line) for line in lines)


def _spelled(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
