"""What a deployment says through its environment: read by kind; an odd value stops the start."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
YES, NO = {"true", "on", "yes", "y", "1"}, {"false", "off", "no", "n", "0", ""}
RATE = re.compile(r"[1-9]\d*/(s|sec|second|m|min|minute|h|hour|d|day)")


def env_int(name: str, default: int, least: int, most: int) -> int:
    """An integer within bounds."""
    text = env.str(name, str(default)).strip()
    if not re.fullmatch(r"-?\d{1,9}", text) or not least <= int(text) <= most:
        raise ImproperlyConfigured(f"{name} must be between {least} and {most}, not {text}")
    return int(text)


def env_bool(name: str) -> bool:
    """Yes or no; no where nothing is said."""
    text = env.str(name, "").strip().lower()
    if text not in YES | NO:
        raise ImproperlyConfigured(f"{name} must be yes or no, not {text}")
    return text in YES


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of a few words."""
    text = env.str(name, default)
    if text not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {text}")
    return str(text)


def env_url(name: str, default: str) -> str:
    """An address of the web, without the slash at its end."""
    text = env.str(name, default)
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_web = False
    if not is_web:
        raise ImproperlyConfigured(f"{name} must be an http or https address, not {text}")
    return str(text).rstrip("/")


def env_rate(name: str, default: str) -> str:
    """So many requests in a second, minute, hour or day."""
    text = env.str(name, default)
    if not RATE.fullmatch(text):
        raise ImproperlyConfigured(f"{name} must be like 100/min, not {text}")
    return str(text)


def env_time_zone(name: str, default: str) -> str:
    """A time zone by its name."""
    text = env.str(name, default)
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ImproperlyConfigured(
            f"{name} must be a time zone such as {default}, not {text}"
        ) from None
    return str(text)


def env_log_level(name: str, default: str) -> str:
    """A level as the log calls it."""
    return env_choice(name, default, tuple(logging.getLevelNamesMapping()))
