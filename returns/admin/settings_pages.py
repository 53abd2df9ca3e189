"""What is promised, where goods go back to, what may be given: the settings of returns."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from aftersales.kernel.admin import DeskAdmin, ReasonForm, StrictReasonForm, money_column, reason_of
from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError
from returns.models import Compensation, ReturnAddress, ReturnPolicy
from returns.policies import can_revise_policy
from returns.services import promising
from returns.services.promising import Terms
from returns.trail_words import CARRIERS, name_of

TERMS = tuple(Terms.__dataclass_fields__)


class PolicyForm(ReasonForm):
    """A first version, or the next one; what is in force is never edited."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["change_reason"].help_text = _(
            "Needed for a new version: orders placed before keep what they had."
        )

    def needs_reason(self) -> bool:
        return True

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors.keys() - {"change_reason"}:
            try:
                promising.check_terms(self.terms(), now())
            except DomainError as refusal:
                self.add_error(
                    refusal.field if refusal.field in self.fields else None, str(refusal)
                )
        return data

    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(**{name: data[name] for name in TERMS if data.get(name) is not None})


@admin.register(ReturnPolicy)
class ReturnPolicyAdmin(DeskAdmin):
    """Promises in versions; saving puts the next version in force."""

    when_empty = _(
        "Policies say what customers are promised beyond the law. Add one; without any the "
        "law alone applies."
    )
    form = PolicyForm
    list_display = ("label_of", "code", "version", "category", "market", "tier", "window_days")
    list_filter = ("is_current", "market", "tier")
    search_fields = ("code", "name", "name_zh", "category")
    search_help_text = _("Code, name or category of goods")
    fieldsets = (
        (None, {"fields": (("code",), ("name", "name_zh"))}),
        (_("For which orders"), {"fields": (("category", "market"), ("tier", "effective_to"))}),
        (
            _("What is promised"),
            {
                "fields": (
                    ("window_days", "warranty_months"),
                    "covers_exclusions",
                    ("covers_counter_sales", "covers_business"),
                    ("is_automatic", "needs_carton"),
                )
            },
        ),
        (
            _("Freight"),
            {
                "fields": (
                    ("is_return_free", "return_freight_cap"),
                    ("free_shipping_from", "delivery_fee"),
                    "refunds_delivery_fee",
                )
            },
        ),
    )

    @display(description=_("name"), ordering="name")
    def label_of(self, policy: ReturnPolicy) -> str:
        return str(policy)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_revise_policy(request.user)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_revise_policy(request.user) and (obj is None or obj.is_current)  # type: ignore[arg-type]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool
    ) -> None:
        terms, note = form.terms(), reason_of(form)  # type: ignore[attr-defined]
        actor: Any = request.user
        if change:
            saved = promising.revise_policy(obj.pk, terms, actor=actor, note=note)
        else:
            saved = promising.write_policy(obj.code, terms, actor=actor, note=note)
        obj.pk = saved.pk


@admin.register(ReturnAddress)
class ReturnAddressAdmin(DeskAdmin):
    """Where goods go back to."""

    when_empty = _(
        "Where goods are sent back to shows here. Add an address for each market before "
        "returns are approved."
    )
    list_display = ("code", "market", "recipient", "address", "fetched_by", "is_active")
    list_filter = ("market", "is_active")
    fields = (("code", "market", "is_active"), ("recipient", "phone"), "address", "carrier")

    @display(description=_("carrier"), ordering="carrier")
    def fetched_by(self, address: ReturnAddress) -> str:
        return name_of(CARRIERS, address.carrier)


@admin.register(Compensation)
class CompensationAdmin(DeskAdmin):
    """The catalogue of compensations with budgets and caps."""

    when_empty = _(
        "What may be given to customers, with its limits, shows here. Add the first compensation."
    )
    form = StrictReasonForm
    list_display = ("label_of", "means", "each", "per_customer", "in_period", "is_active")
    list_filter = ("means", "is_active")
    fields = (
        ("code", "is_active"),
        ("name", "name_zh"),
        ("means", "currency"),
        ("most", "customer_cap"),
        ("budget", "period_days"),
    )

    each = money_column("most", _("at most each"))
    per_customer = money_column("customer_cap", _("at most per customer and period"))
    in_period = money_column("budget", _("budget of a period"))

    @display(description=_("name"), ordering="name")
    def label_of(self, compensation: Compensation) -> str:
        return str(compensation)
