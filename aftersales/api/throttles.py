"""How often one caller may ask."""

from __future__ import annotations

import time
from typing import Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class WindowThrottle(SimpleRateThrottle):
    """Counts per fixed window: one number in the cache instead of a list of every request.

    The default cache belongs to one process, so the limit holds per web worker.
    """

    scope = "user"
    num_requests: int | None
    duration: int | None

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        who = request.user.pk if request.user and request.user.is_authenticated else None
        return f"rate:{self.scope}:{who or self.get_ident(request)}"

    def allow_request(self, request: Request, view: Any) -> bool:
        if not self.num_requests or not self.duration:
            return True
        self.now = time.time()
        window = int(self.now // self.duration)
        key = f"{self.get_cache_key(request, view)}:{window}"
        if cache.add(key, 1, self.duration + 1):
            return True
        try:
            count = cache.incr(key)
        except ValueError:
            return True
        return bool(count <= self.num_requests)

    def wait(self) -> float | None:
        """Seconds until the next window."""
        return max(1.0, self.duration - self.now % self.duration) if self.duration else None


class LoginThrottle(WindowThrottle):
    """Passwords are tried slowly, per address; django-axes watches each login name besides."""

    scope = "login"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return f"rate:{self.scope}:{self.get_ident(request)}"
