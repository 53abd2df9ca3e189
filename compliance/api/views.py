"""The trail of events."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from aftersales.kernel.api import DeskList
from aftersales.kernel.errors import require
from compliance.api.serializers import AuditEventOutput
from compliance.filters import EventFilter
from compliance.models import AuditEvent


class AuditEventListView(DeskList):
    """Everything done, newest first; for auditors and administrators."""

    serializer_class = AuditEventOutput
    filterset_class = EventFilter
    orderings = {"-id": ("-id",), "id": ("id",)}

    queryset = AuditEvent.objects.all()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(request.user.has_perm("compliance.view_auditevent"))
