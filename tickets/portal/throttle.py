"""How often one visitor may ask; counted per process, so two web workers allow twice that."""

from __future__ import annotations

from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest

from aftersales.kernel.clock import now


def too_many(scope: str, who: str, most: int, seconds: int) -> bool:
    """Count one use; ``True`` once there were more than ``most`` in this window of time."""
    window = int(now().timestamp()) // seconds
    key = f"throttle:{scope}:{sha256(who.encode()).hexdigest()[:24]}:{window}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # evicted between the two calls
        return False


def address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
