"""Posting to chat groups through apprise, over known services only, without telling the key.

The address of a target is its key: apprise's own log stays silent (``LOGGING``), and what it says
of a failure is stripped of every part of the address.
"""

from __future__ import annotations

import logging
import re
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated

# Read when the first message leaves: it weighs 6 MB and 60 ms, and most processes never post.
if TYPE_CHECKING:
    import apprise

# Services known to speak TLS. ``jsons`` is our own signal to any web hook.
SERVICES = frozenset(
    {
        "dingtalk",
        "wecombot",
        "feishu",
        "lark",
        "slack",
        "workflows",
        "tgram",
        "discord",
        "mailtos",
        "jsons",
    }
)
# Of them, those that go wherever the address says.
NAMES_HOST = frozenset({"jsons", "workflows", "mailtos"})
# Over plain HTTP to this machine, where a setting allows it: for tests.
LOOPBACK = "json"
SECONDS = 10.0
# Shorter parts of an address are words such as «hook», not keys.
KEY_LENGTH = 6


class ChatFailed(Exception):
    """The other side did not take it; the text names no part of the address."""


def check_address(url: str) -> None:
    """Refuse addresses nobody may be sent to; raises ``RuleViolated("chat_address")``."""
    target = _open(url)
    if target is None or not _is_allowed(target):
        raise RuleViolated(
            "chat_address",
            _("This is no address of a chat service that is allowed here."),
            field="url",
        )


def post(url: str, title: str, body: str) -> None:
    """Post one message; raises ``ChatFailed``. Waits ``SECONDS`` for the other side, no longer."""
    target = _open(url)
    if target is None or not _is_allowed(target):
        raise ChatFailed("the address is not allowed")
    host = host_of(target)
    if host is not None and leads_inside(host):
        raise ChatFailed("the address is not allowed")
    # What the address asks for does not count: no repeating, no waiting, no longer than this.
    target.retry, target.wait = 0, 0.0
    target.socket_connect_timeout = target.socket_read_timeout = SECONDS
    from apprise import LogCapture  # noqa: PLC0415 -- see above

    capture: Any = LogCapture
    with capture(level=logging.WARNING, fmt="%(message)s") as said:
        is_taken = target.notify(body=body or title, title=title if body else "")
        words = said.getvalue()
    if not is_taken:
        raise ChatFailed(without_keys(words.strip(), url) or "not taken")


def without_keys(text: str, url: str) -> str:
    """``text`` with every part of the address that may be a key replaced by stars."""
    for spelled in (url, unquote(url)):
        parts = re.split(r"[/@:?&=#+,]+", spelled)
        for part in sorted({one for one in parts if len(one) >= KEY_LENGTH}, key=len, reverse=True):
            text = text.replace(part, "***")
    return text


def _open(url: str) -> apprise.NotifyBase | None:
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415 -- see above

    asset = AppriseAsset(secure_logging=True, http_redirects=False, app_id="aftersales-desk")
    return Apprise.instantiate(url, asset=asset, suppress_exceptions=True)


def _is_allowed(target: apprise.NotifyBase) -> bool:
    if target.schema == LOOPBACK:
        return settings.CHAT_LOOPBACK and target.host == "127.0.0.1"
    if target.schema not in SERVICES or not target.verify_certificate:
        return False
    host = host_of(target)
    return host is None or not is_inside(host)


def host_of(target: apprise.NotifyBase) -> str | None:
    """The host an address names itself; ``None`` where the service has one of its own."""
    if target.schema in NAMES_HOST:
        return str(getattr(target, "smtp_host", "") or target.host)
    return None


def is_inside(host: str) -> bool:
    """Whether a host's name or address plainly lies inside our own network."""
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return not ip_address(name).is_global
    except ValueError:
        return "." not in name or name.endswith((".local", ".internal", ".localhost"))


def leads_inside(host: str) -> bool:
    """Whether a name that looks like one outside is that of an address inside. One that changes
    between this look and the call does not prove itself by a certificate, so nothing is said to it.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), None)
    except OSError:  # a proxy may know it
        return False
    return any(not ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found)
