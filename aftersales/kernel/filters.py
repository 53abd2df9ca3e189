"""Filters of the API's lists that refuse what they do not understand."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WORDS = {"true": True, "1": True, "false": False, "0": False}


class YesNoField(forms.Field):
    """True or false; ``None`` when nothing is given. The usual field takes any word for nothing."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        word = str(value).lower()
        if word not in WORDS:
            raise ValidationError(_("Write true or false."), code="invalid")
        return WORDS[word]


class YesNoFilter(django_filters.BooleanFilter):
    """``true`` and ``false`` in any case, ``1`` and ``0``; anything else is refused."""

    field_class = YesNoField


class IdFilter(django_filters.NumberFilter):
    """The number of a row; a fraction is refused, not cut off."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **kwargs)
