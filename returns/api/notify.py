"""Where gateways report. Nobody is signed in here: the signature is the key, and only a hint."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.kernel.api import DeskView
from returns.services.money.notices import read_sandbox_notice, take_notice
from staff.services import system_actor


class SandboxNotifyView(DeskView):
    """202: taken, we ask the gateway what is true; 200: seen before; 401: not from the gateway."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=None, responses={200: None, 202: None})
    def post(self, request: Request) -> Response:
        body = request._request.body
        notice = read_sandbox_notice(dict(request.headers.items()), body)
        is_new = take_notice(notice, actor=system_actor())
        return Response(status=202 if is_new else 200)
