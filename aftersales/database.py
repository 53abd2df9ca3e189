"""Where the database is: the server named by DATABASE_URL, or the embedded one."""

import os
from pathlib import Path
from typing import Any

import environ

from aftersales import embedded_server

BASE_DIR = Path(__file__).resolve().parent.parent
ENGINE = "django.db.backends.postgresql"
CONNECTION_SECONDS = 60

# Tests use a server of their own that need not survive a power cut (tests/settings.py says so).
is_perishable = False
PERISHABLE = {"fsync": "off", "full_page_writes": "off"}


def is_embedded() -> bool:
    """Whether the embedded server is used; never true in production (a system check says so)."""
    return not os.environ.get("DATABASE_URL")


def data_dir() -> Path:
    """Where run-time data lives: DESK_DATA_DIR, or `.data` in the project."""
    return Path(os.environ.get("DESK_DATA_DIR") or BASE_DIR / ".data").expanduser().absolute()


def embedded_home() -> Path:
    """The directory of the embedded server: its locks, log and data."""
    return data_dir() / ("pg-tests" if is_perishable else "pg")


def database_config() -> dict[str, Any]:
    """Return Django's `DATABASES["default"]`; starts the embedded server if that is needed."""
    if is_embedded():
        options = PERISHABLE if is_perishable else {}
        socket_dir = embedded_server.ensure_running(embedded_home(), **options)
        config: dict[str, Any] = {
            "NAME": embedded_server.DATABASE_NAME,
            "USER": embedded_server.USER_NAME,
            "PASSWORD": "",
            "HOST": str(socket_dir),
            "PORT": "",
        }
    else:
        config = dict(environ.Env().db_url("DATABASE_URL"))
    config["ENGINE"] = ENGINE
    config.setdefault("CONN_MAX_AGE", CONNECTION_SECONDS)
    config.setdefault("CONN_HEALTH_CHECKS", True)
    return config
