"""Coming in, going out, who am I, the documentation, and addresses nobody knows."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth import authenticate
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed, Throttled, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from aftersales.api.serializers import LoginInput, MeOutput, TokenOutput
from aftersales.api.throttles import LoginThrottle
from aftersales.kernel.api import DeskView
from staff.models import User
from staff.tokens import issue_token, revoke_token


class TokenView(DeskView):
    """A key for a person, by name and password; it lasts twelve hours.

    Programs get theirs from an administrator: `manage.py create_token USERNAME`.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (LoginThrottle,)
    input_class = LoginInput
    output_class = TokenOutput
    is_creation = True
    takes_key = False

    def get_authenticate_header(self, request: Request) -> str:
        """Makes a wrong password 401 although no token is asked for here."""
        return "Token"

    def post(self, request: Request) -> Response:
        given = LoginInput(data=request.data)
        given.is_valid(raise_exception=True)
        plain = request._request
        user = authenticate(plain, **given.validated_data)
        if getattr(plain, "axes_locked_out", False):
            # django-axes would answer with a page of its own.
            plain.axes_locked_out = False  # type: ignore[attr-defined]
            raise Throttled(detail=str(_("Too many wrong passwords. Try again later.")))
        if user is None:
            raise AuthenticationFailed(_("The name or the password is wrong."))
        token, key = issue_token(user, actor=user)
        return Response({"token": key, "expires_at": token.expiry}, status=201)


class LogoutView(DeskView):
    """End the key this request was made with."""

    output_class = None

    def post(self, request: Request) -> Response:
        if not isinstance(request.auth, AuthToken):
            raise ValidationError(_("This request was not made with a token."))
        revoke_token(request.auth, actor=cast(User, request.user))
        return Response(status=204)


class MeView(DeskView):
    """The caller."""

    output_class = MeOutput

    def get(self, request: Request) -> Response:
        return Response(MeOutput(request.user).data)


class RefusesInJson(APIView):
    """Documents have formats of their own; refusals are JSON here too."""

    def handle_exception(self, exc: Exception) -> Response:
        answer: Response = super().handle_exception(exc)
        request = cast(Any, self.request)
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = "application/json"
        return answer


class SchemaView(RefusesInJson, SpectacularAPIView):
    """The description of this API, for programs (OpenAPI 3)."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        return answer


class DocsView(RefusesInJson, SpectacularSwaggerSplitView):
    """The same for people."""

    url_name = "api-schema"


class UnknownView(DeskView):
    """Whatever else is asked for under ``/api/``."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    schema = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.http_method_not_allowed = self.unknown  # type: ignore[method-assign]
        return super().dispatch(request, *args, **kwargs)

    def unknown(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise Http404
