"""A form of a page sent twice is done once: the hidden ``once`` is the key, what it said the rest.

A second thing said on the same page is another one and is done.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from hashlib import sha256

from django.db import transaction
from django.http import HttpRequest

from aftersales.kernel.context import Actor
from compliance.idempotency import Answer, answer_once

TOKEN = re.compile(r"[0-9a-f]{32}")


def post_once(request: HttpRequest, perform: Callable[[], Answer], *, actor: Actor) -> Answer:
    """Run ``perform`` in a transaction, or give the answer the same form got before."""
    token = request.POST.get("once", "")
    if not TOKEN.fullmatch(token):
        with transaction.atomic():
            return perform()
    digest = sha256(content_of(request).encode()).hexdigest()
    key = f"form:{token}:{digest}"
    return answer_once(key, perform, actor=actor, path=request.path, digest=digest)


def content_of(request: HttpRequest) -> str:
    """What a form said, to tell the same thing sent twice from a second thing."""
    fields = {name: request.POST.getlist(name) for name in sorted(request.POST)}
    fields.pop("csrfmiddlewaretoken", None)
    files = [
        (name, file.name, file.size)
        for name in sorted(request.FILES)
        for file in request.FILES.getlist(name)
    ]
    return json.dumps([request.path, fields, files])
