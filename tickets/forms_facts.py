"""Forms that show facts of the case and change those that were touched."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.errors import DomainError
from customers.models import Order
from customers.queries import family_of
from staff.models import Language
from tickets.choices import Complexity, Kind, Party, Priority, Remedy, Sentiment, Severity
from tickets.forms import VerbForm, choose, choose_row
from tickets.models import Category, Tag
from tickets.services.facts import CHANGED_MEANWHILE


class FactsForm(VerbForm):
    """Facts of the case as they are. What nobody touched is not written, so two people who open
    it at once keep each other's changes; what both touched is refused to the second."""

    def show_facts(self) -> None:
        """Show every fact, and send along what was shown."""
        for name, field in self.fields.items():
            if name != "note":
                self.initial[name] = getattr(self.ticket, name)
                field.show_hidden_initial = self.tells_shown

    @property
    def tells_shown(self) -> bool:
        """A program may post without what it was shown; the case of now counts then."""
        shown = map(self.add_initial_prefix, self.fields)
        return not self.is_bound or any(name in self.data for name in shown)

    def clean(self) -> dict[str, Any]:
        """What was touched, what stood there when it was, and the remark."""
        given = super().clean() or self.cleaned_data
        touched = {name: given[name] for name in self.changed_data if name in given}
        note = touched.pop("note", "")
        seen = {name: self._shown(name) for name in touched}
        return {"touched": touched, "seen": seen, "note": note}

    def _shown(self, name: str) -> Any:
        field: forms.Field = self.fields[name]
        if not field.show_hidden_initial:
            return getattr(self.ticket, name)
        widget = field.hidden_widget()
        shown = widget.value_from_datadict(self.data, self.files, self.add_initial_prefix(name))
        try:
            return field.to_python(shown)
        except forms.ValidationError:  # no choice any more, so it is not what stands there now
            return None

    def tell(self, refusal: DomainError) -> None:
        """Who saves again after reading what somebody else put there means it."""
        super().tell(refusal)
        if refusal.code == CHANGED_MEANWHILE and refusal.field in self.fields:
            self.ticket.refresh_from_db()
            value = self.fields[refusal.field].prepare_value(getattr(self.ticket, refusal.field))
            values = value if isinstance(value, list) else ["" if value is None else value]
            data = cast(QueryDict, self.data).copy()
            data.setlist(self.add_initial_prefix(refusal.field), values)
            self.data = data


class AssessForm(FactsForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    category = choose_row(Category.objects.none(), label=_("Category"))
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    severity = choose(Severity.choices, label=_("Severity"))
    complexity = choose(Complexity.choices, label=_("Complexity"))
    sentiment = choose(Sentiment.choices, label=_("Mood"))
    requested_remedy = choose(Remedy.choices, label=_("Remedy asked for"))
    is_green_channel = forms.BooleanField(label=_("Green channel"), required=False)
    note = forms.CharField(label=_("Remark"), required=False, max_length=500)

    def prepare(self) -> None:
        # One that is out of use stays on the cases that have it until somebody takes it off.
        self.fields["category"].queryset = (  # type: ignore[attr-defined]
            Category.objects.filter(Q(is_active=True) | Q(pk=self.ticket.category_id))
        )
        self.fields["category"].label_from_instance = indented  # type: ignore[attr-defined]
        self.show_facts()


def indented(category: Category) -> str:
    """The tree in a flat list."""
    return "\u2003" * category.path.count("/") + str(category)


class DetailsForm(FactsForm):
    subject = forms.CharField(label=_("Subject"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    order = choose_row(Order.objects.none(), label=pgettext_lazy("purchase", "Order"))
    tags = forms.MultipleChoiceField(
        label=_("Tags"), required=False, widget=forms.CheckboxSelectMultiple
    )
    root_cause = forms.CharField(label=_("Root cause"), required=False, max_length=300)
    responsible_party = choose(Party.choices, label=_("Responsible party"))
    note = forms.CharField(label=_("Remark"), required=False, max_length=500)

    def prepare(self) -> None:
        if self.ticket.customer_id is None:
            del self.fields["order"]
        else:
            orders = self._orders(self.ticket.customer_id)
            self.fields["order"].queryset = orders  # type: ignore[attr-defined]
        slugs = Tag.objects.filter(is_active=True).values_list("slug", flat=True)
        known = dict.fromkeys([*self.ticket.tags, *slugs])
        self.fields["tags"].choices = [(slug, slug) for slug in known]  # type: ignore[attr-defined]
        self.show_facts()

    def _orders(self, customer_id: int) -> QuerySet[Order]:
        """The customer's latest orders, and the one of now however old it is."""
        visible = Order.objects.visible_to(self.actor)
        own = visible.filter(customer__in=family_of(customer_id))
        # A sliced queryset would refuse every choice: the field filters it once more.
        return Order.objects.filter(Q(pk__in=own.values("pk")[:50]) | Q(pk=self.ticket.order_id))
