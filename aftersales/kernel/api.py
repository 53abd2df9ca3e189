"""Building blocks of the API that every app shares: views, input, pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeAlias

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django.urls import register_converter
from django.utils import translation
from django.utils.encoding import smart_str
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.formatting import lazy_format
from rest_framework.views import APIView

from aftersales.kernel.bodies import LengthMissing
from aftersales.kernel.failures import told_to
from aftersales.kernel.refs import for_reader

Field: TypeAlias = serializers.Field[Any, Any, Any, Any]

LARGEST_ID = 2**63 - 1
PAGE_PARAMS = frozenset({"cursor", "limit", "ordering", "lang"})


class IdConverter:
    """The number of a row in an address, within what the database counts."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        if int(value) > LARGEST_ID:
            raise ValueError
        return int(value)

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(IdConverter, "id")


def twin(declared: Field) -> Field:
    """A field of its own with the declared one's settings; ``copy`` takes five times as long."""
    made: Field = object.__new__(type(declared))
    made.__dict__.update(declared.__dict__)
    return made


class Said(lazy_format):
    """Words put together each time: rest_framework keeps those of whoever met them first."""

    def __str__(self) -> str:
        return str(self.format_string).format(*self.args, **self.kwargs)


def say_anew(field: Field) -> None:
    """Have the limits of a field that requests share speak the language of each."""
    validators: list[Any] = field.validators
    for validator in validators:
        told: Any = getattr(validator, "message", None)
        if type(told) is lazy_format and told.result is None:
            pattern: Any = told.format_string
            validator.message = Said(pattern, *told.args, **told.kwargs)
    if child := getattr(field, "child", None):
        say_anew(child)


class Output(serializers.Serializer[Any]):
    """What a caller is told. Fields are copied lightly for each request: rest_framework copies them
    with all their choices, which cost a tenth of a request."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for declared in cls._declared_fields.values():
            say_anew(declared)

    def get_fields(self) -> dict[str, Field]:
        return {name: twin(declared) for name, declared in self._declared_fields.items()}

    def to_representation(self, instance: Any) -> Any:
        told = super().to_representation(instance)
        for name, value in told.items():
            if isinstance(value, str):
                told[name] = for_reader(value)
        return told


class ToldField(serializers.JSONField):
    """Details of an event or a finding, with what is kept in words in the reader's language."""

    def to_representation(self, value: Any) -> Any:
        return told_to(self.context["request"].user, super().to_representation(value))


class Input(Output):
    """What a caller may send. An unknown field is refused by name: it was probably misspelled."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [str(name)[:60] for name in data if name not in self.fields]
            if unknown:
                refusal = ErrorDetail(str(_("Unknown field.")), code="unknown_field")
                raise ValidationError({name: [refusal] for name in unknown})
        return super().to_internal_value(data)


class NoInput(Input):
    """Nothing to say."""


@extend_schema_field(str)
class CodeField(serializers.SlugRelatedField[Any]):
    """A row named by a unique text; ``is_scoped`` finds only what the caller may see."""

    def __init__(
        self, rows: Callable[[], QuerySet[Any]], *, is_scoped: bool = False, **kwargs: Any
    ) -> None:
        self.rows = rows
        self.is_scoped = is_scoped
        super().__init__(**kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        found: Any = self.rows()
        scoped: QuerySet[Any] = (
            found.visible_to(self.context["request"].user) if self.is_scoped else found
        )
        return scoped

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not data.isprintable() or len(data) > 200:
            self.fail("does_not_exist", slug_name=self.slug_field, value=smart_str(data)[:60])
        return super().to_internal_value(data)


class DeskView(APIView):
    """Answers in the caller's language: what the request asks for, else what the account says."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            raise LengthMissing
        super().initial(request, *args, **kwargs)
        if isinstance(request.user, SimpleLazyObject):
            # Through the proxy that Django's middleware leaves, each look at the person costs more.
            request.user = get_user(request._request)
        own = getattr(request.user, "language", "")
        asked = "HTTP_ACCEPT_LANGUAGE" in request.META or "lang" in request.GET
        if own and not asked and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(own)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        answer.headers["Content-Language"] = translation.get_language() or ""
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


class StrictFilters(DjangoFilterBackend):
    """Refuses filters nobody knows: a misspelled one would show everything."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        filters = getattr(view, "filterset_class", None)
        known = PAGE_PARAMS | set(filters.base_filters if filters else ())
        if unknown := [name for name in request.query_params if name not in known]:
            refusal = ErrorDetail(str(_("Unknown filter.")), code="unknown_field")
            raise ValidationError({name[:60]: [refusal] for name in unknown})
        found: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return found


class CursorPage(CursorPagination):
    """Pages by position, as cheap at the millionth row as at the first; orders from an allow-list.

    The view names them in ``orderings``, first the default; each ends in a unique column.
    """

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    template = None

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        orderings: Mapping[str, tuple[str, ...]] = view.orderings
        asked = request.query_params.get("ordering", next(iter(orderings)))
        if asked not in orderings:
            known = ", ".join(orderings)
            raise ValidationError({"ordering": [_("Not one of: %(known)s.") % {"known": known}]})
        return orderings[asked]

    def get_page_size(self, request: Request) -> int | None:
        asked = request.query_params.get("limit")
        if asked is not None and not re.fullmatch("[1-9][0-9]{0,2}", asked):
            raise ValidationError({"limit": [_("A whole number from 1 to 200 is expected.")]})
        return super().get_page_size(request)

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (DjangoValidationError, ValueError, TypeError):
            raise ValidationError({"cursor": [_("This is no place in the list.")]}) from None

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        orderings = list(getattr(view, "orderings", ()))
        if len(orderings) > 1:
            schema = {"type": "string", "enum": orderings, "default": orderings[0]}
            parameters.append(
                {"name": "ordering", "required": False, "in": "query", "schema": schema}
            )
        return parameters


class DeskList(DeskView, ListAPIView[Any]):
    """A list the caller may see, filtered and paged."""

    pagination_class = CursorPage
    filter_backends = [StrictFilters]
    orderings: Mapping[str, Sequence[str]] = {"id": ("id",)}


def digest_of(request: Request) -> str:
    """SHA-256 of what a request asks: method, path and content, however the content was encoded."""
    content = {name: _told(value) for name, value in _pairs(request.data)}
    told = json.dumps([request.method, request.path, content], sort_keys=True, default=str)
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _pairs(data: Any) -> list[tuple[str, Any]]:
    return list(data.items()) if isinstance(data, Mapping) else [("", data)]


def _told(value: Any) -> Any:
    """A file is told by its name and content."""
    if not hasattr(value, "chunks"):
        return value
    digest = sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]
