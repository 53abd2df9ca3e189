"""Choosing findings."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField, Value
from django.db.models.functions import Concat, Lower

from aftersales.kernel.querysets import LockingQuerySet
from aftersales.kernel.refs import MARK, SLASH
from compliance.statuses import FindingStatus


def _names(labels: Any) -> Func:
    """Labels parted by marks as an array of names, all in small letters."""
    names = ArrayField(TextField())
    return Func(Lower(labels), Value(MARK), function="string_to_array", output_field=names)


def names_of_finding() -> Func:
    """What a finding can be called by, with an index of its own: the number of its case and its
    object's label, in each language where it is kept in several."""
    return _names(Concat("subject_label", Value(MARK), "case_label"))


class FindingQuerySet(LockingQuerySet[Any]):
    """What did not hold."""

    def visible_to(self, user: Any) -> Self:
        """All for who may view them; else those one owns."""
        if user.has_perm("compliance.view_finding"):
            return self
        return self.filter(owner=user)

    def called(self, text: str) -> Self:
        """Those whose object or case is called so, in whatever language it was read."""
        name = text.replace(MARK, "").strip()
        if not name:
            return self.none()
        # The first of two languages is kept with the slash that parts them.
        wanted = _names(Value(f"{name}{MARK}{name}{SLASH.removesuffix(MARK)}"))
        return self.alias(names=names_of_finding()).filter(names__overlap=wanted)

    def unsettled(self) -> Self:
        return self.filter(status__in=(FindingStatus.OPEN, FindingStatus.IN_PROGRESS))
