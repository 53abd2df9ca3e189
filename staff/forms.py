"""Forms about people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextInputWidget,
)

from aftersales.kernel.errors import DomainError
from staff.models import Language, User
from staff.roles import Role
from staff.services import CHANGEABLE, check_user


class PersonFields(forms.ModelForm):  # type: ignore[type-arg]
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
            check_user(self.instance, self.actor)
        except DomainError as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))


class UserForm(PersonFields):
    """Changing a person."""

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
