"""How the views describe themselves: their input and output classes, the error, the key header."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from aftersales.api.serializers import ErrorOutput

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key with the same body gives the same answer again, once created.",
)


class DeskTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the documentation describes it."""

    target_class = "aftersales.api.auth.DeskTokens"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <your token>`, from `POST /api/v1/auth/token/`.",
        }


class DeskSchema(AutoSchema):
    """Reads ``input_class``, ``output_class``, ``is_creation`` and ``is_list`` of a view."""

    def get_override_parameters(self) -> list[Any]:
        creates = getattr(self.view, "is_creation", False) and self.method == "POST"
        return [KEY] if creates and self.path != "/api/v1/auth/token/" else []

    def get_request_serializer(self) -> Any:
        if self.method in ("POST", "PUT"):
            return getattr(self.view, "input_class", None)
        return super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        good = self.good_answer()
        return good if isinstance(good, dict) else {self.good_code(good): good, **self.refusals}

    @property
    def refusals(self) -> dict[str, Any]:
        return {"default": ErrorOutput}

    def good_answer(self) -> Any:
        """The serializer of a request that went well."""
        if self.method == "GET" and hasattr(self.view, "serializer_class"):
            return super().get_response_serializers()
        output: Any = getattr(self.view, "output_class", None)
        return output(many=True) if getattr(self.view, "is_list", False) else output

    def good_code(self, good: Any) -> str:
        if good is None:
            return "204"
        creates = getattr(self.view, "is_creation", False) and self.method == "POST"
        return "201" if creates else "200"

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/", 1)[0]]

    def get_summary(self) -> str | None:
        """The first sentence of what the verb does."""
        return self.get_description().split("\n", 1)[0].rstrip(".") or None
