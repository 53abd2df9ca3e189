"""Forms about people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from unfold.forms import (
    AdminOwnPasswordChangeForm,
    AdminPasswordChangeForm,
    AuthenticationForm,
)
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextInputWidget,
)

from aftersales.kernel.admin import ReasonForm
from aftersales.kernel.context import current
from aftersales.kernel.errors import DomainError
from staff.chats import check_address
from staff.models import ChatTarget, Language, NoticePreference, User
from staff.roles import Role
from staff.services import CHANGEABLE, check_not_own, check_user, set_password


class SignInForm(AuthenticationForm):
    """Django tells browsers how long a name may be, and asks nobody else to keep to it; axes cannot
    store a longer one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.validators = [*name.validators, MaxLengthValidator(name.max_length)]


class PersonFields(ReasonForm):
    """The fields both forms share, and the rule both ask."""

    actor: User

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    works_in = forms.MultipleChoiceField(
        label=_("Answers customers in"),
        choices=Language.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )

    def _post_clean(self) -> None:
        """Ask the service's rule once the instance carries the new values."""
        super()._post_clean()  # type: ignore[misc]
        try:
            check_user(self.instance, self.actor, gained=self.gained())
        except DomainError as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))

    def gained(self) -> set[str]:
        """Roles the person did not have before."""
        asked = self.cleaned_data.get("roles", ())
        return set(asked) - set(self.initial.get("roles", ())) if self.instance.pk else set()


class UserForm(PersonFields):
    """Changing a person; roles are not changed without a reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["change_reason"].help_text = _("Needed when the roles change.")

    def needs_reason(self) -> bool:
        return "roles" in self.changed_data

    class Meta:
        model = User
        fields = CHANGEABLE


class NewUserForm(AdminUserCreationForm, PersonFields):  # type: ignore[type-arg]
    """Adding a person with a first password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget = UnfoldAdminTextInputWidget()
        for name in ("password1", "password2"):
            self.fields[name].widget = UnfoldAdminPasswordWidget()

    class Meta:
        model = User
        fields = UserForm.Meta.fields


class ChatForm(ReasonForm):
    """A chat group. The address is asked for and never given back; left empty it stays."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
        help_text=_(
            "As apprise writes it, for example dingtalk://TOKEN, wecombot://KEY, feishu://TOKEN, "
            "slack://A/B/C, mailtos://USER:PASSWORD@HOST. Leave it empty to keep the present one."
        ),
    )

    class Meta:
        model = ChatTarget
        fields = (
            "label",
            "department",
            "language",
            "url",
            "min_urgency",
            "is_active",
            "quiet_from",
            "quiet_until",
            "urgent_breaks_quiet",
        )

    def clean_url(self) -> str:
        """The address to keep; the service's rule is asked here, so that the field can say no."""
        url = (
            self.cleaned_data["url"].strip()
            or ChatTarget.objects.filter(pk=self.instance.pk).values_list("url", flat=True).first()
        )
        if not url:
            raise forms.ValidationError(_("An address is needed."))
        try:
            check_address(url)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from None
        return str(url)


class WishesForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a person wants to be told; the digest is for leads."""

    class Meta:
        model = NoticePreference
        fields = (
            "mail_urgent",
            "mail_normal",
            "mail_low",
            "quiet_from",
            "quiet_until",
            "urgent_breaks_quiet",
            "digest_hour",
        )
        widgets = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, is_lead: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_lead:
            del self.fields["digest_hour"]


class PasswordByService(forms.Form):
    """Django's forms would save a password themselves; the verb does, for whoever is acting."""

    def set_password_and_save(
        self,
        user: User,
        password_field_name: str = "password1",  # noqa: S107 -- the name of a field
        commit: bool = True,
    ) -> User:
        """``user`` learns the new password, so that a sign-in of one's own goes on."""
        is_usable = self.cleaned_data.get("set_usable_password", True)
        password = self.cleaned_data[password_field_name] if is_usable else None
        actor = User.objects.get(pk=current().actor_id)
        user.password = set_password(user.pk, password, actor=actor).password
        return user


class SetPasswordForm(PasswordByService, AdminPasswordChangeForm):
    """Somebody's password, set by an administrator."""

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()
        if not self.cleaned_data.get("set_usable_password", True):
            try:
                check_not_own(self.user, User(pk=current().actor_id))
            except DomainError as error:
                self.add_error("password1", str(error))
        return cleaned


class OwnPasswordForm(PasswordByService, AdminOwnPasswordChangeForm):
    """One's own password."""
