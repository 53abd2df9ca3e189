"""Base of every admin page: scoped, signed, nothing deleted, history under the same scope."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import EmptyResultSet, PermissionDenied
from django.core.paginator import Paginator
from django.db import connection, models
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin
from unfold.dataclasses import UnfoldAction
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from aftersales.kernel.context import acting
from aftersales.kernel.errors import SAY_WHY, is_reason
from aftersales.kernel.failures import behind, reads_technical
from aftersales.kernel.money import written
from aftersales.kernel.refs import for_reader

COUNT_CAP = 1001
# What filters of Django and Unfold ask of a field.
LOOKUPS = {"exact", "id__exact", "pk__exact", "in", "isnull", "gt", "gte", "lt", "lte"}
# Compliance registers it; the kernel knows no app, only this name.
HISTORY_PAGE = "admin:compliance_journalentry_object"


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts at most ``COUNT_CAP`` rows: a list costs the same at a thousand and a million."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if not isinstance(rows, models.QuerySet):
            return len(rows)
        capped = rows.order_by().values("pk")[:COUNT_CAP]
        try:
            sql, params = capped.query.sql_with_params()
        except EmptyResultSet:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) capped", params)  # noqa: S608 -- ORM
            return int(cursor.fetchone()[0])


def known_id(object_id: Any) -> int:
    """The key an address names; raises ``Http404`` for what can be none."""
    text = str(object_id)
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    return int(text)


class ReasonForm(forms.ModelForm):  # type: ignore[type-arg]
    """Asks why something is set as it is; the answer stays with the change in the history."""

    change_reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=UnfoldAdminTextInputWidget()
    )

    def needs_reason(self) -> bool:
        """Whether this change must not be made without saying why."""
        return False

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        is_missing = not is_reason(data.get("change_reason", ""))
        if self.instance.pk and is_missing and self.needs_reason():
            self.add_error("change_reason", SAY_WHY)
        return data


class StrictReasonForm(ReasonForm):
    """For what decides about money: no change without saying why."""

    def needs_reason(self) -> bool:
        return self.has_changed()


class DeskAdmin(SimpleHistoryAdmin, ModelAdmin):
    """Lists what ``visible_to`` allows, signs saves with the user, never deletes.

    simple-history's own view falls back to history rows of objects the user cannot see; here the
    object must be in scope first (reference/reliability.md 4.1), and the trail is read in words.
    """

    form: type[forms.ModelForm[Any]] = ReasonForm
    list_per_page = 25
    paginator: type[Paginator[Any]] = CappedPaginator
    show_full_result_count = False
    list_filter_submit = True
    # What an empty list would show and what to do about it.
    when_empty: Any = ""
    # Fields that links from other pages filter by, beside those of ``list_filter``.
    linked_by: tuple[str, ...] = ()
    compressed_fields = True
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super().get_queryset(request)
        scope = getattr(rows, "visible_to", None)
        if scope is not None:
            rows = scope(request.user)
        return rows

    def words_when_empty(self, request: HttpRequest) -> Any:
        """``when_empty``, where it depends on who looks."""
        return self.when_empty

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list, knowing what to say when there is nothing in it."""
        found: ChangeList = super().get_changelist_instance(request)
        found.when_empty = self.words_when_empty(request)  # type: ignore[attr-defined]
        return found

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the page or a link to it offers as a filter: anything else would let people
        read masked values by guessing, letter by letter."""
        offered = self.get_list_filter(request) if request else self.list_filter
        fields = [one[0] if isinstance(one, tuple) else one for one in offered]
        fields += self.linked_by
        own = {getattr(one, "parameter_name", None) for one in offered}
        return lookup in {*own, *fields} or any(
            lookup.startswith(f"{name}__") and lookup.removeprefix(f"{name}__") in LOOKUPS
            for name in fields
            if isinstance(name, str)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def in_scope(self, request: HttpRequest, object_id: str) -> Any:
        """The object an address names; raises ``PermissionDenied`` for who may not open the page,
        whether there is such an object or not, then ``Http404`` for what is out of scope."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            raise Http404
        return obj

    def get_unfold_action(self, action: str) -> UnfoldAction:
        """Buttons of an object ask for it first; the theme opens their dialogs for any id."""
        found = super().get_unfold_action(action)
        found.method = self._scoped(found.method)
        return found

    def _scoped(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if "object_id" in kwargs:
                self.in_scope(request, kwargs["object_id"])
            return method(request, *args, **kwargs)

        return inner

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> NoReturn:
        """Django would lead to the index and quote the id there."""
        raise Http404

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Scope before the right: what cannot be seen is not there."""
        self.in_scope(request, object_id)
        response: HttpResponse = super().delete_view(request, object_id, extra_context)
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The readable history, for who sees the object; that page checks again."""
        obj = self.in_scope(request, object_id)
        if not hasattr(self.model._meta, "simple_history_manager_attribute"):
            raise Http404
        return redirect(HISTORY_PAGE, self.opts.label_lower, obj.pk)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A form filled with old values helps nobody: history is read as old → new."""
        raise Http404

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool
    ) -> None:
        """Plain fields only; anything with a rule has a service and an action of its own."""
        with acting(request.user, reason_of(form)):  # type: ignore[arg-type]
            super().save_model(request, obj, form, change)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """The page; who may save is asked why, below everything else."""
        page = context["adminform"]
        may_save = add or self.has_change_permission(request, obj)
        if may_save and "change_reason" in page.form.fields:
            page.fieldsets = [*page.fieldsets, (_("This change"), {"fields": ("change_reason",)})]
        response: HttpResponse = super().render_change_form(
            request, context, add, change, form_url, obj
        )
        return response


def own_page(
    admin: Any, request: HttpRequest, template: str, title: Any, **values: Any
) -> TemplateResponse:
    """A page of an admin beside its list and its rows, in the same frame."""
    request.current_app = admin.admin_site.name
    frame = {**admin.admin_site.each_context(request), "opts": admin.opts, "title": title}
    return TemplateResponse(request, template, {**frame, **values})


def reason_of(form: Any) -> str:
    """What was answered to why; '' where nobody was asked."""
    return str(form.cleaned_data.get("change_reason", "")).strip()


class ByWords(dict[Any, str]):
    """Colours of choices for Unfold's labels, found by the word in the language that is active.

    With lazy words for keys they would be found in the language of the start only.
    """

    def __contains__(self, words: object) -> bool:
        return any(str(choice.label) == words for choice in self)

    def __getitem__(self, words: str) -> str:
        return next(color for choice, color in self.items() if str(choice.label) == words)


def kept_words(field: str, description: Any) -> Any:
    """A column or read-only field of what a machine wrote down, in the reader's language."""

    @admin.display(description=description, ordering=field)
    def column(self: Any, row: Any) -> str:
        return for_reader(getattr(row, field))

    return column


def money_column(field: str, description: Any) -> Any:
    """A column, or a line of a page, for an amount of a row with its currency; it sorts by it."""

    def column(self: Any, obj: Any) -> SafeString | None:
        amount = getattr(obj, field)
        if amount is None:
            return None
        return format_html('<span class="d-sum">{}</span>', written(amount, obj.currency))

    column.money = field  # type: ignore[attr-defined]
    return display(description=description, ordering=field)(column)


class ReadOnlyAdmin(DeskAdmin):
    """Looking, not touching. Amounts stand on the page as their columns write them."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        columns = ((getattr(self, str(name), None), name) for name in self.list_display)
        named = {getattr(column, "money", ""): name for column, name in columns}
        named.pop("", None)
        fields = list(super().get_fields(request, obj))
        said = {"currency"} if named else set()
        return [named.get(field, field) for field in fields if field not in said]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FailingAdmin(ReadOnlyAdmin):
    """Things that may fail: ``problem`` says it in words, ``technical`` as the program did, to
    those who run the desk. ``failure`` names the field that holds both."""

    failure = ""

    @display(description=_("last error"))
    def problem(self, row: Any) -> str:
        return for_reader(getattr(row, self.failure))

    @display(description=_("as the program said it"))
    def technical(self, row: Any) -> str:
        return behind(getattr(row, self.failure))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = list(super().get_fieldsets(request, obj))
        if obj is not None and self.technical(obj) and reads_technical(request.user):
            shown.append((_("For those who run the desk"), {"fields": ("technical",)}))
        return shown
