"""Lines and choices as HTML: hundreds of small values, put together without a template."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import format_html, format_html_join
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
    '<td class="q-people"><span>{assignee}</span><span class="d-dim">{department}</span></td>'
    '<td class="q-activity d-num d-dim" title="{activity_title}">{activity}</td></tr>'
)


def lines_html(rows: Iterable[Row], *, can_pick: bool) -> SafeString:
    """Cases as lines of a table, each with a box to pick it where one may."""
    return mark_safe("".join(_line(row, can_pick) for row in rows))  # noqa: S308 -- escaped parts


def _line(row: Row, can_pick: bool) -> SafeString:
    return format_html(
        LINE,
        pick=format_html(PICK, row.number) if can_pick else "",
        marks=_marks(row),
        url=row.url,
        channel=row.channel,
        channel_icon=row.channel_icon,
        number=row.number,
        subject=row.subject,
        kind=row.kind,
        status=row.status,
        status_tone=row.status_tone,
        priority=row.priority,
        priority_tone=row.priority_tone,
        priority_icon=row.priority_icon,
        due=row.due,
        due_tone=row.due_tone,
        due_title=row.due_title,
        assignee=row.assignee or "–",
        department=row.department,
        activity=row.activity,
        activity_title=row.activity_title,
    )


def _marks(row: Row) -> SafeString:
    """Who it is from, and what makes it pressing."""
    marks = format_html(WHO, row.customer) if row.customer else SafeString("")
    if row.is_green_channel:
        marks += format_html(GREEN, _("Green channel"))
    if row.urged:
        marks += format_html(URGED, _("urged"), row.urged)
    return marks


@lru_cache(maxsize=500)
def choices_html(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """The options of a filter; the same few lists on nearly every page."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (code, SafeString(" selected") if code == chosen else "", label)
            for code, label in choices
        ),
    )
