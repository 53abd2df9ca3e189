"""Who is calling: a token in the header, or a person signed in to the desk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from aftersales.kernel.clock import now


class DeskTokens(TokenAuthentication):
    """Knox's tokens at the price of one query; users who were deactivated are turned away."""

    def authenticate_credentials(self, token: bytes) -> Any:
        """Raises ``AuthenticationFailed``; knox itself breaks at what is no text."""
        if not token.isascii():
            raise AuthenticationFailed(_("The token is invalid."))
        return super().authenticate_credentials(token)

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        return auth_token.expiry is not None and auth_token.expiry < now()
