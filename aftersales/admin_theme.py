"""Look of the desk: Unfold's settings. The navigation is in ``aftersales.admin_navigation``."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("After-sales desk"),
    "SITE_HEADER": _("After-sales desk"),
    "SITE_SYMBOL": "support_agent",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("desk/icon.svg")},
    ],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [
        lambda _request: static("desk/palette.css"),
        lambda _request: static("desk/desk.css"),
    ],
    "SCRIPTS": [lambda _request: static("desk/desk.js")],
}
