"""The bytes behind a row of intake, as they arrived."""

from __future__ import annotations

import json

from tickets import files
from tickets.feedback_file import FeedbackFile, Mapping
from tickets.models import RawIntake


def raw_of(intake: RawIntake) -> bytes:
    """What arrived; a row of an imported file is read from that file again.

    Raises ``FileNotFoundError`` when the store lost the bytes.
    """
    if not intake.container:
        return files.read(intake.digest)
    with FeedbackFile(files.path_of(intake.container), Mapping({})) as rows:
        for row in rows:
            if row.number == intake.position:
                cells = dict(zip(rows.header, row.cells, strict=False))
                return json.dumps(cells, ensure_ascii=False, indent=1).encode()
    raise FileNotFoundError(intake.container)
