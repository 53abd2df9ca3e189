"""Buttons of verbs: a case page has thirty, so they are put together without a template."""

from __future__ import annotations

from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

TAB = '<a class="{}" href="?tab={}#composer" data-tab="{}">{}</a>'
DIALOG = '<a class="{}{}" href="{}{}" data-dialog data-verb="{}">{}</a>'
DIRECT = (
    '<form class="inline" method="post" action="{}">'
    '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    '<input type="hidden" name="once" value="{}">{}'
    '<button class="{}" type="submit" data-verb="{}">{}</button></form>'
)
ROW = '<input type="hidden" name="row" value="{}">'


@register.simple_tag(takes_context=True)
def verb_button(context: Any, verb: Any, row: int | None = None, look: str = "btn") -> SafeString:
    """A verb as what starts it: a tab of the composer, a form sent at once, or a dialog.

    ``row`` is the key of what the verb is about, where the button itself does not say so.
    """
    if not verb:
        return SafeString("")
    if verb.tab:
        return format_html(TAB, look, verb.tab, verb.tab, verb.label)
    about = row or verb.target
    if verb.is_direct:
        hidden = format_html(ROW, about) if about else ""
        token, once = get_token(context["request"]), context.get("once", "")
        return format_html(DIRECT, verb.url, token, once, hidden, look, verb.code, verb.label)
    danger = " danger" if verb.is_dangerous else ""
    query = f"?row={about}" if about else ""
    return format_html(DIALOG, look, danger, verb.url, query, verb.code, verb.label)
