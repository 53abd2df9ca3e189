"""Look of the desk: Unfold's settings. The navigation is in ``aftersales.admin_navigation``."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

# A calm blue-green: red, amber and green stay free for what they say about a case.
PRIMARY = {
    "50": "oklch(97.3% .014 222)",
    "100": "oklch(94.2% .029 222)",
    "200": "oklch(89% .054 223)",
    "300": "oklch(81% .09 225)",
    "400": "oklch(73% .115 227)",
    "500": "oklch(62% .12 230)",
    "600": "oklch(51.5% .105 233)",
    "700": "oklch(44% .09 235)",
    "800": "oklch(38% .075 237)",
    "900": "oklch(33% .062 239)",
    "950": "oklch(25% .05 241)",
}

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
    "BORDER_RADIUS": "7px",
    "COLORS": {"primary": PRIMARY},
    "STYLES": [lambda _request: static("desk/desk.css")],
    "SCRIPTS": [lambda _request: static("desk/desk.js")],
}
