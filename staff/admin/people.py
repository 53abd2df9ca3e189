"""People and how they are organised. Nobody is deleted: leaving is deactivation with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from aftersales.kernel.admin import DeskAdmin, known_id, money_column, reason_of
from aftersales.kernel.context import SYSTEM_USERNAME, acting, is_system
from aftersales.kernel.dialogs import ReasonDialog, perform
from aftersales.kernel.errors import NotPermitted
from staff.forms import NewUserForm, SetPasswordForm, UserForm
from staff.models import Absence, Delegation, Department, Language, Team, User
from staff.policies import can_manage_users
from staff.queries import is_led
from staff.requests import person
from staff.roles import Role
from staff.services import CHANGEABLE, change_user, create_user, deactivate_user, reactivate_user

DEACTIVATE: dict[str, Any] = {
    "title": _("Deactivate this user"),
    "description": _("Sign-in, tokens and running sessions end now. Nothing is deleted."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Deactivate"),
}
NO_LEAD = _("Nobody leads this department: what its lead should hear goes to the administrators.")
REACTIVATE: dict[str, Any] = {
    "title": _("Reactivate this user"),
    "description": _("The user can sign in again with the old password and roles."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Reactivate"),
}


@contextmanager
def refusing_page() -> Iterator[None]:
    """The page of a missing right for who lost it while the form was open."""
    try:
        yield
    except NotPermitted as refusal:
        raise PermissionDenied from refusal


@admin.register(User)
class UserAdmin(DeskAdmin, BaseUserAdmin):  # type: ignore[type-arg]
    """Who works here, in which roles; rights follow from roles in code."""

    when_empty = _(
        "The people who work with the desk show here. Add one with a role and a department."
    )
    form = UserForm
    add_form = NewUserForm
    change_password_form = SetPasswordForm
    list_display = ("who", "role_labels", "department", "team", "capacity", "is_active")
    list_filter = ("is_active", "department", "team")
    list_select_related = ("department", "team")
    search_fields = ("username", "display_name", "email")
    search_help_text = _("Name or mail address")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("role_words", "language_words")
    fieldsets = (
        (None, {"fields": (("username", "display_name"), ("email", "language"))}),
        (
            pgettext_lazy("person", "Work"),
            {"fields": ("roles", ("department", "team"), "works_in", "capacity")},
        ),
    )
    add_fieldsets = (
        *fieldsets,
        (_("First password"), {"fields": (("password1", "password2"), "usable_password")}),
    )
    actions_detail = ("set_password", "deactivate", "reactivate")

    @display(description=_("User"), header=True, ordering="username")
    def who(self, obj: User) -> tuple[str, str]:
        return str(obj), obj.username

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Who only reads sees words instead of the codes in the two lists."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        return (
            fieldsets[0],
            (
                pgettext_lazy("person", "Work"),
                {"fields": ("role_words", ("department", "team"), "language_words", "capacity")},
            ),
        )

    @display(description=_("roles"))
    def role_words(self, obj: User) -> str:
        return ", ".join(self.role_labels(obj))

    @display(description=_("answers customers in"))
    def language_words(self, obj: User) -> str:
        return ", ".join(str(Language(code).label) for code in obj.works_in)

    @display(description=_("Roles"), label=True)
    def role_labels(self, obj: User) -> list[str]:
        return [str(Role(role).label) for role in obj.roles]

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form class knows who is asking, for rules about oneself."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"actor": person(request)})

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool
    ) -> None:
        actor = person(request)
        with refusing_page():
            if not change:
                password = form.cleaned_data["password1"]
                create_user(obj, password, actor=actor, note=reason_of(form))
                return
            values = {name: getattr(obj, name) for name in form.changed_data if name in CHANGEABLE}
            change_user(obj.pk, values, actor=actor, note=reason_of(form))

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Django's own page; its form asks the service."""
        with acting(person(request)), refusing_page():
            return super().user_change_password(request, id, form_url)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The machine's own user is looked at only; its password page is closed, too."""
        return super().has_change_permission(request, obj) and not (obj and is_system(obj))

    def has_manage_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        machine = User.objects.filter(pk=known_id(object_id), username=SYSTEM_USERNAME)
        return can_manage_users(person(request)) and not machine.exists()

    def has_deactivate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_manage_permission(request, object_id) and self.is_active(object_id, True)

    def has_reactivate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_manage_permission(request, object_id) and self.is_active(object_id, False)

    def is_active(self, object_id: Any, wanted: bool) -> bool:
        """Whether the button fits the user on the page; the service decides again."""
        rows = User.objects.filter(pk=known_id(object_id), is_active=wanted)
        return bool(rows.exists())

    @action(
        description=_("Set password"),
        icon="key",
        permissions=["manage"],
        url_path="set-password",
    )
    def set_password(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Leads to Django's page; changes nothing itself."""
        response = HttpResponse(status=302)
        response["Location"] = reverse("admin:auth_user_password_change", args=[object_id])
        return response

    @action(
        description=_("Deactivate"),
        icon="person_off",
        variant=ActionVariant.DANGER,
        permissions=["deactivate"],
        dialog=DEACTIVATE,
    )
    def deactivate(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        user: User = self.in_scope(request, object_id)
        return perform(
            request,
            form,
            DEACTIVATE,
            lambda: deactivate_user(user.pk, actor=person(request), note=form.cleaned_data["note"]),
            done=_("The user is deactivated."),
            url=reverse("admin:staff_user_change", args=[user.pk]),
        )

    @action(
        description=_("Reactivate"),
        icon="person_check",
        permissions=["reactivate"],
        dialog=REACTIVATE,
    )
    def reactivate(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        user: User = self.in_scope(request, object_id)
        return perform(
            request,
            form,
            REACTIVATE,
            lambda: reactivate_user(user.pk, actor=person(request), note=form.cleaned_data["note"]),
            done=_("The user is active again."),
            url=reverse("admin:staff_user_change", args=[user.pk]),
        )


@admin.register(Department)
class DepartmentAdmin(DeskAdmin):
    """Parts of the firm; the code is in rules and imports, so it stays."""

    when_empty = _(
        "Departments own cases and are asked for help. Add the customer service department first."
    )
    list_display = ("code", "name", "name_zh", "kind", "leading", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name", "name_zh")
    search_help_text = _("Code or name")
    fields = (("code", "is_active"), ("kind",), ("name", "name_zh"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        rows: QuerySet[Department] = super().get_queryset(request)
        return rows.annotate(is_led=is_led())

    @display(description=_("Led"), label={"yes": "", "no": "danger"})
    def leading(self, obj: Any) -> tuple[str, str] | str:
        if not obj.is_active:
            return ""
        return ("yes", pgettext("lead", "yes")) if obj.is_led else ("no", gettext("no lead"))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page, with a warning while nobody leads the department."""
        department: Any = self.get_object(request, object_id)
        is_open = request.method == "GET" and department is not None and department.is_active
        if is_open and not department.is_led:
            messages.warning(request, str(NO_LEAD))
        page: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return page

    def get_readonly_fields(
        self, request: HttpRequest, obj: Department | None = None
    ) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(Team)
class TeamAdmin(DeskAdmin):
    """Queues inside departments."""

    when_empty = _(
        "Teams divide a department. Add one when a department has become too large for one list."
    )
    list_display = ("code", "name", "name_zh", "department", "is_active")
    list_filter = ("department", "is_active")
    list_select_related = ("department",)
    search_fields = ("code", "name", "name_zh")
    search_help_text = _("Code or name")
    fields = (("code", "is_active"), ("department",), ("name", "name_zh"))

    def get_readonly_fields(self, request: HttpRequest, obj: Team | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(Absence)
class AbsenceAdmin(DeskAdmin):
    """Who is away and who stands in."""

    when_empty = _("Absences say who is away and who stands in. Add one before it begins.")
    list_display = ("user", "starts_at", "ends_at", "deputy", "reason")
    list_filter = ("starts_at",)
    list_select_related = ("user", "deputy")
    search_fields = ("user__username", "user__display_name")
    search_help_text = _("Name of the person")
    autocomplete_fields = ("user", "deputy")
    fields = (("user", "deputy"), "starts_at", "ends_at", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Absence]:
        """Absences of the people one may see."""
        rows: QuerySet[Absence] = super().get_queryset(request)
        return rows.filter(user__in=User.objects.visible_to(person(request)))


@admin.register(Delegation)
class DelegationAdmin(DeskAdmin):
    """Who decides for whom, and until when; who gives and who gets it never change."""

    when_empty = _(
        "Delegations let somebody else decide for you for a while. Add one with its limits."
    )
    list_display = ("giver", "delegate", "starts_at", "ends_at", "up_to", "is_revoked")
    list_filter = ("is_revoked", "starts_at")
    list_select_related = ("giver", "delegate")
    search_fields = ("giver__username", "delegate__username")
    search_help_text = _("Login of either person")
    autocomplete_fields = ("delegate",)
    fields = ("delegate", ("starts_at", "ends_at"), ("limit", "currency"), "reason", "is_revoked")

    up_to = money_column("limit", _("up to"))

    def get_fields(self, request: HttpRequest, obj: Delegation | None = None) -> tuple[Any, ...]:
        """What was set once is read as money is written everywhere."""
        if obj is None:
            return self.fields
        return ("delegate", ("starts_at", "ends_at"), "up_to", "reason", "is_revoked")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Delegation | None = None
    ) -> tuple[str, ...]:
        return ("delegate", "up_to", "starts_at") if obj else ("is_revoked",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """To somebody else who is still here."""
        if db_field.name == "delegate":
            kwargs["queryset"] = User.objects.people().exclude(pk=request.user.pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Delegation | None = None) -> bool:
        may: bool = super().has_change_permission(request, obj)
        return may and (obj is None or obj.giver_id == request.user.pk)

    def save_model(
        self, request: HttpRequest, obj: Delegation, form: ModelForm[Any], change: bool
    ) -> None:
        """Everybody gives in their own name only."""
        if not change:
            obj.giver = person(request)
        super().save_model(request, obj, form, change)
