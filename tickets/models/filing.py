"""What cases are filed under: topics and tags."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.localized import localized
from staff.models import Department


class Category(AuditedModel):
    """A leaf or branch of the topic tree; ``path`` is ``parent/child`` and sorts the tree."""

    path = models.CharField(_("code"), max_length=80, unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    name = models.CharField(_("name (English)"), max_length=80)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("usual department"),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    history = History()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("path",)
        triggers = [Journaled()]

    def __str__(self) -> str:
        return localized(self.name, self.name_zh)


class Tag(AuditedModel):
    """A known tag. Cases carry the slugs, so that their history shows them."""

    slug = models.SlugField(_("tag"), max_length=40, unique=True, allow_unicode=True)
    is_active = models.BooleanField(_("in use"), default=True)

    history = History()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("slug",)
        triggers = [Journaled()]

    def __str__(self) -> str:
        return self.slug
