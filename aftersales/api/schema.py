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
    """Reads ``input_class``, ``output_class``, ``is_creation``, ``takes_key``, ``other_codes`` and
    ``is_list`` of a view."""

    def get_override_parameters(self) -> list[Any]:
        takes = getattr(self.view, "takes_key", self.creates) and self.method == "POST"
        return [KEY] if takes else []

    @property
    def creates(self) -> bool:
        return bool(getattr(self.view, "is_creation", False) and self.method == "POST")

    def get_request_serializer(self) -> Any:
        if self.method in ("POST", "PUT"):
            return getattr(self.view, "input_class", None)
        return super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        good = self.good_answer()
        if isinstance(good, dict):
            return good
        others = getattr(self.view, "other_codes", ()) if self.method == "POST" else ()
        return {self.good_code(good): good, **dict.fromkeys(map(str, others), good)}

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        """Every address refuses in the one format, also those that say themselves what is good."""
        good = super()._get_response_bodies(direction)
        told = self._get_response_for_code
        refusal = told(ErrorOutput, "default", direction=direction)  # type: ignore[no-untyped-call]
        return {**good, "default": refusal}

    def good_answer(self) -> Any:
        """The serializer of a request that went well."""
        if self.method == "GET" and hasattr(self.view, "serializer_class"):
            return super().get_response_serializers()
        output: Any = getattr(self.view, "output_class", None)
        return output(many=True) if getattr(self.view, "is_list", False) else output

    def good_code(self, good: Any) -> str:
        if good is None:
            return "204"
        return "201" if self.creates else "200"

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/", 1)[0]]

    def get_summary(self) -> str | None:
        """The first sentence of what the verb does."""
        return self.get_description().split("\n", 1)[0].rstrip(".") or None
