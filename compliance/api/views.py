"""The trail of events, and what did not hold."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from aftersales.kernel.api import DeskList, DeskView
from aftersales.kernel.errors import require
from compliance.api.serializers import (
    AuditEventOutput,
    FindingOutput,
    RemarkInput,
    SettlementInput,
)
from compliance.filters import EventFilter, FindingFilter
from compliance.models import AuditEvent, Finding
from compliance.policies import can_see_findings
from compliance.services import accept_risk, resolve_finding, take_finding


class AuditEventListView(DeskList):
    """Everything done, newest first; for auditors and administrators."""

    serializer_class = AuditEventOutput
    filterset_class = EventFilter
    orderings = {"-id": ("-id",), "id": ("id",)}

    queryset = AuditEvent.objects.all()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(request.user.has_perm("compliance.view_auditevent"))


class FindingListView(DeskList):
    """Findings, newest first: all for auditors and administrators, one's own for leads."""

    serializer_class = FindingOutput
    filterset_class = FindingFilter
    orderings = {"-id": ("-id",), "due_at": ("due_at", "id"), "id": ("id",)}

    queryset = Finding.objects.all()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(can_see_findings(request.user))

    def get_queryset(self) -> QuerySet[Finding]:
        rows: QuerySet[Finding] = super().get_queryset()
        return rows.visible_to(self.request.user).select_related("owner")  # type: ignore[attr-defined,no-any-return]


class FindingView(DeskView):
    """One finding with its evidence."""

    serializer_class = FindingOutput

    def get(self, request: Request, finding_id: int) -> Response:
        require(can_see_findings(request.user))
        return shown_finding(request, finding_id)


class FindingVerb(DeskView):
    """A verb of one finding; answers the finding as it stands now."""

    input_class: ClassVar[type[BaseSerializer[Any]]] = SettlementInput
    output_class: ClassVar[type[BaseSerializer[Any]]] = FindingOutput

    def post(self, request: Request, finding_id: int) -> Response:
        require(can_see_findings(request.user))
        given = self.input_class(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        self.act(finding_id, request.user, given.validated_data["note"])
        return shown_finding(request, finding_id)

    def act(self, finding_id: int, actor: Any, note: str) -> Finding:
        """Call the one service."""
        raise NotImplementedError


class TakeFindingView(FindingVerb):
    """Take a finding up as its owner."""

    input_class = RemarkInput

    def act(self, finding_id: int, actor: Any, note: str) -> Finding:
        return take_finding(finding_id, actor=actor, note=note)


class ResolveFindingView(FindingVerb):
    """Say how it was put right."""

    def act(self, finding_id: int, actor: Any, note: str) -> Finding:
        return resolve_finding(finding_id, actor=actor, note=note)


class AcceptRiskView(FindingVerb):
    """Leave it as it is, with a reason."""

    def act(self, finding_id: int, actor: Any, note: str) -> Finding:
        return accept_risk(finding_id, actor=actor, note=note)


def shown_finding(request: Request, finding_id: int) -> Response:
    finding = Finding.objects.visible_to(request.user).select_related("owner").get(pk=finding_id)
    return Response(FindingOutput(finding, context={"request": request}).data)
