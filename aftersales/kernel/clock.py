"""The time of day, in one place so that tests can travel."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Current time, aware, UTC."""
    return timezone.now()
