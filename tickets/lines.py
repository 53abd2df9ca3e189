"""Lines as HTML: hundreds of small values, put together without a template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tickets.queries.rows import Row

PICK = '<td class="q-pick"><input type="checkbox" name="case" value="{0}" aria-label="{0}"></td>'
WHO = '<span class="q-who">{}</span>'
GREEN = '<span class="material-symbols-outlined d-tone green" title="{}">bolt</span>'
URGED = '<span class="d-tone amber">{} ×{}</span>'
LINE = (
    "<tr data-row>{pick}"
    '<td class="q-case"><a href="{url}"><span class="q-over">'
    '<span class="material-symbols-outlined" title="{channel}">{channel_icon}</span>'
    '<span class="d-visually-hidden">{channel}</span>'
    '<span class="d-num">{number}</span>{marks}</span>'
    '<span class="q-subject">{subject}</span></a></td>'
    '<td class="q-kind">{kind}</td>'
    '<td class="q-status"><span class="d-chip {status_tone}">{status}</span></td>'
    '<td class="q-priority"><span class="d-tone {priority_tone}">'
    '<span class="material-symbols-outlined" aria-hidden="true">{priority_icon}</span>'
    "{priority}</span></td>"
    '<td class="q-due d-num"><span class="d-tone {due_tone}" title="{due_title}">{due}</span></td>'
    '<td class="q-people"><span>{who}</span><span class="d-dim">{department}</span></td>'
    '<td class="q-activity d-num d-dim" title="{activity_title}">{activity}</td></tr>'
)
WORDS = tuple(
    field.name for field in fields(Row) if field.name not in ("is_green_channel", "urged")
)


def lines_html(rows: Iterable[Row], *, can_pick: bool) -> SafeString:
    """Cases as lines of a table, each with a box to pick it where one may."""
    return mark_safe("".join(_line(row, can_pick) for row in rows))  # noqa: S308 -- escaped parts


def _line(row: Row, can_pick: bool) -> str:
    """Every word of the row is escaped, ours as well: telling them apart is not worth a mistake."""
    words = {name: escape(getattr(row, name)) for name in WORDS}
    return LINE.format(
        **words,
        who=words["assignee"] or "–",
        pick=PICK.format(words["number"]) if can_pick else "",
        marks=_marks(row, words["customer"]),
    )


def _marks(row: Row, customer: str) -> str:
    """Who it is from, and what makes it pressing."""
    marks = WHO.format(customer) if customer else ""
    if row.is_green_channel:
        marks += GREEN.format(escape(_("Green channel")))
    if row.urged:
        marks += URGED.format(escape(_("urged")), row.urged)
    return marks
