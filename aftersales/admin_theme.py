"""Look of the desk: Unfold's settings and the navigation, grouped by what people do."""

from __future__ import annotations

from typing import Any

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "After-sales desk",
    "SITE_HEADER": "After-sales desk",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
}
