"""Settings of the case: what it is filed under, what makes agents fast, which views they have."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from aftersales.kernel.admin import DeskAdmin, ReasonForm
from staff.models import User
from staff.roles import Role
from tickets.choices import Channel, Kind, Priority, Visibility
from tickets.models import Category, Macro, SavedReply, SavedView, Tag
from tickets.policies import can_change_view
from tickets.queries.options import Option, load_options
from tickets.replies import VARIABLES
from tickets.statuses import TicketStatus


@admin.register(Category)
class CategoryAdmin(DeskAdmin):
    """The topic tree; a category in use is taken out of use, not removed."""

    when_empty = _(
        "Categories say what cases are about and which department usually works them. Add "
        "the first one."
    )
    list_display = ("tree_name", "path", "department", "is_active")
    list_select_related = ("department",)
    list_filter = ("is_active", "department")
    search_fields = ("path", "name", "name_zh")
    search_help_text = _("Code or name")
    autocomplete_fields = ("parent",)
    fields = (("name", "name_zh"), ("parent", "path"), ("department", "is_active"))

    @display(description=_("category"), ordering="path")
    def tree_name(self, category: Category) -> str:
        return "\u2003" * category.path.count("/") + str(category)


@admin.register(Tag)
class TagAdmin(DeskAdmin):
    """Known tags."""

    when_empty = _(
        "Tags mark cases across categories. Add the first one, then set it on the page of a case."
    )
    list_display = ("slug", "is_active")
    list_filter = ("is_active",)
    search_fields = ("slug",)
    search_help_text = _("Name of the tag")
    fields = ("slug", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Cases carry the word itself, so it stays as it is."""
        return ("slug",) if obj else ()


class ToolAdmin(DeskAdmin):
    """What macros and saved replies share."""

    list_filter = ("is_active", "visibility", "department")
    list_select_related: tuple[str, ...] = ("department", "owner")
    search_fields: tuple[str, ...] = ("name", "name_zh")
    search_help_text: Any = _("Its name")
    autocomplete_fields: tuple[str, ...] = ("owner",)

    @display(description=_("name"), ordering="name")
    def label(self, tool: Any) -> str:
        return str(tool)


class SavedReplyForm(ReasonForm):
    """One of the two languages is enough; the other falls back to it."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("body", "").strip() or data.get("body_zh", "").strip()):
            self.add_error("body", _("Write the text in at least one language."))
        return data


@admin.register(SavedReply)
class SavedReplyAdmin(ToolAdmin):
    """Texts with variables."""

    when_empty = _(
        "Replies that are written often are kept here and put in with their shortcut. Add "
        "the first one."
    )
    form = SavedReplyForm
    list_display = ("label", "shortcut", "visibility", "department", "is_active")
    search_fields = ("name", "name_zh", "shortcut")
    search_help_text = _("Name or shortcut")
    fieldsets = (
        (None, {"fields": (("name", "name_zh"), ("shortcut", "position", "is_active"))}),
        (
            _("Text"),
            {
                "fields": ("body", "body_zh"),
                "description": format_lazy(
                    "{} {}",
                    _("Variables are replaced by the facts of the case:"),
                    ", ".join(f"{{{{ {name} }}}}" for name in VARIABLES),
                ),
            },
        ),
        (_("Who may use it"), {"fields": (("visibility", "department"), "owner")}),
    )


@admin.register(Macro)
class MacroAdmin(ToolAdmin):
    """Several steps in one; never money."""

    when_empty = _("Macros do several steps on a case at once. Add the first one.")
    list_display = ("label", "reply", "set_status", "set_priority", "visibility", "is_active")
    list_select_related = ("department", "owner", "reply")
    autocomplete_fields = ("owner", "reply")
    fieldsets = (
        (None, {"fields": (("name", "name_zh"), ("position", "is_active"))}),
        (
            _("What it does"),
            {
                "fields": (
                    ("reply", "propose_remedy"),
                    ("set_priority", "set_status"),
                    ("add_tags", "assign_to_me"),
                    ("follow_up_kind", "follow_up_days"),
                )
            },
        ),
        (_("Who may use it"), {"fields": (("visibility", "department"), "owner")}),
    )


def _select(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=capfirst(label),
        choices=[("", "–"), *choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


class SavedViewForm(ReasonForm):
    """The filters of a view as fields of their own instead of stored text."""

    status = _select(
        _("status"),
        [
            ("unfinished", _("All unfinished")),
            ("waiting", _("Waiting")),
            ("any", _("Any status")),
            *TicketStatus.choices,
        ],
    )
    assignee = _select(_("assignee"), [])
    department_is = _select(_("department of the case"), [])
    kind = _select(_("kind"), Kind.choices)
    category = _select(_("category"), [])
    priority = _select(_("priority"), Priority.choices)
    channel = _select(_("channel"), Channel.choices)
    shop = _select(_("shop"), [])
    tag = _select(_("tag"), [])
    late = _select(_("only late ones"), [("1", _("Yes"))])
    soon = _select(_("only late or due within 24 hours"), [("1", _("Yes"))])
    since = forms.DateField(
        label=capfirst(_("arrived from")), required=False, widget=UnfoldAdminSingleDateWidget
    )
    until = forms.DateField(
        label=capfirst(_("arrived until")), required=False, widget=UnfoldAdminSingleDateWidget
    )
    sort = _select(_("sorted by"), [("due", _("Due first")), ("activity", _("Latest first"))])
    q = forms.CharField(
        label=capfirst(_("search words")),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )

    PARAMS = {
        name: name
        for name in (
            "status",
            "assignee",
            "kind",
            "category",
            "priority",
            "channel",
            "shop",
            "tag",
            "late",
            "soon",
            "since",
            "until",
            "sort",
            "q",
        )
    } | {"department_is": "department"}

    class Meta:
        model = SavedView
        fields = ("name", "name_zh", "position", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = load_options()
        offered: dict[str, list[tuple[str, Any]]] = {
            "assignee": [("me", _("Me")), ("none", _("Nobody")), *_pairs(options.people)],
            "department_is": [("mine", _("Mine")), *_pairs(options.departments)],
            "category": _pairs(options.categories),
            "shop": _pairs(options.shops),
            "tag": _pairs(options.tags),
        }
        for name, choices in offered.items():
            field: Any = self.fields[name]
            field.choices = [("", "–"), *choices]
        stored = self.instance.params or {}
        for name, param in self.PARAMS.items():
            if param in stored:
                self.initial[name] = stored[param]

    def save(self, commit: bool = True) -> SavedView:
        given = {param: self.cleaned_data.get(field) for field, param in self.PARAMS.items()}
        self.instance.params = {param: str(value) for param, value in given.items() if value}
        view: SavedView = super().save(commit)
        return view


def _pairs(options: Iterable[Option]) -> list[tuple[str, Any]]:
    return [(option.code, option.label) for option in options]


@admin.register(SavedView)
class SavedViewAdmin(DeskAdmin):
    """Tabs of the queue: one's own are one's own, those of everybody belong to administrators."""

    when_empty = _("Views are the tabs above the queue. Add the first one.")
    form = SavedViewForm
    list_display = ("label", "for_whom", "owner", "position", "is_active")
    list_select_related = ("owner",)
    list_filter = ("is_active", "visibility")
    search_fields = ("name", "name_zh")
    search_help_text = _("Its name")
    fieldsets = (
        (None, {"fields": (("name", "name_zh"), ("position", "is_active"))}),
        (
            _("Cases it shows"),
            {
                "fields": (
                    ("status", "sort"),
                    ("since", "until"),
                    ("assignee", "department_is"),
                    "priority",
                    ("late", "soon"),
                    ("kind", "category"),
                    ("channel", "shop"),
                    ("tag", "q"),
                )
            },
        ),
    )

    @display(description=_("name"), ordering="name")
    def label(self, view: SavedView) -> str:
        return str(view)

    def get_fieldsets(self, request: HttpRequest, obj: SavedView | None = None) -> Any:
        """The filters are fields of the form; who only reads has no form."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if self.has_change_permission(request, obj) else fieldsets[:1]

    @display(description=_("for"))
    def for_whom(self, view: SavedView) -> str:
        if view.visibility == Visibility.ALL and view.roles:
            return ", ".join(str(Role(role).label) for role in view.roles)
        return str(Visibility(view.visibility).label)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: SavedView | None = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or can_change_view(_user(request), obj)
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """«Save as view» on the queue passes its filters along."""
        given = request.GET.dict()
        return {
            field: given[param] for field, param in SavedViewForm.PARAMS.items() if param in given
        }

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool
    ) -> None:
        """What somebody adds is theirs; an administrator's is everybody's."""
        if not change:
            user = _user(request)
            obj.code = f"own-{uuid.uuid4().hex[:12]}"
            obj.owner = user
            shared = user.has_role(Role.ADMINISTRATOR)
            obj.visibility = Visibility.ALL if shared else Visibility.OWN
        super().save_model(request, obj, form, change)


def _user(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]
