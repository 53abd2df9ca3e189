"""Who is who: finding the person behind an address, joining duplicates, and undoing it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require, require_reason
from aftersales.kernel.numbers import draw_key
from aftersales.kernel.reading import by_key, by_unique
from aftersales.kernel.services import service
from compliance.services import record
from customers.contacts import normalize
from customers.models import ContactChannel, ContactPoint, Customer, Shop
from customers.policies import can_identify_customers, can_merge_customers
from customers.queries import is_same_person
from staff.models import Language, User


@service
def identify_customer(
    channel: str,
    address: str,
    *,
    actor: User,
    name: str = "",
    language: str = "",
    shop: Shop | None = None,
) -> Customer:
    """The standing customer behind an address, added when nobody has it; raises ``RuleViolated``.

    Two callers with the same new address get the same customer: the unique key lets one of them
    create it, the other reads it. A name is only filled in where none was known.
    """
    require(can_identify_customers(actor))
    channel = known_channel(channel)
    address = normalize(channel, address)
    customer = find_by_address(channel, address)
    if customer is None:
        customer = create_or_find(
            channel, address, actor=actor, name=name, language=language, shop=shop
        )
    if name and not customer.name:
        customer = Customer.objects.locked().get(pk=customer.pk)
        if not customer.name:
            customer.name = clean_text(name, 120)
            customer.save(update_fields=["name"])
    return customer


def find_by_address(channel: str, address: str) -> Customer | None:
    """The standing customer with this normalised address, if any."""
    point = by_unique(ContactPoint, channel=channel, address=address)
    return standing(by_key(Customer, point.customer_id)) if point else None


def standing(customer: Customer) -> Customer:
    """Follow merges to the customer that stands for this one."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def create_or_find(
    channel: str, address: str, *, actor: User, name: str, language: str, shop: Shop | None
) -> Customer:
    """Create; whoever loses the race for the address takes the winner's.

    The address is written first, since it decides whether there will be a customer at all.
    """
    key = draw_key(Customer)
    point = ContactPoint(customer_id=key, channel=channel, address=address)
    if not point.save_unless_taken():
        winner = ContactPoint.objects.get(channel=channel, address=address)
        return standing(by_key(Customer, winner.customer_id))
    customer = Customer(
        pk=key,
        shop=shop,
        name=clean_text(name, 120),
        language=language_of(language, shop),
        created_at=now(),
    )
    customer.save(force_insert=True)
    record("customers.created", customer, actor=actor, data={"channel": channel})
    return customer


@service
def add_contact_point(
    customer_id: int,
    channel: str,
    address: str,
    *,
    actor: User,
    note: str,
    is_verified: bool = False,
    case: models.Model | None = None,
) -> ContactPoint:
    """Note another address of a customer, or that a known one is confirmed, and how that is known.

    Raises ``RuleViolated`` without a reason or when somebody else has the address, and
    ``InvalidTransition`` when it is known like that already. The trail tells it masked.
    """
    customer = Customer.objects.visible_to(actor).locked().get(pk=customer_id)
    require(can_identify_customers(actor))
    require_reason(note)
    channel = known_channel(channel)
    try:
        address = normalize(channel, address)
    except RuleViolated as refusal:
        refusal.field = "address"  # the one there is here, of whatever kind
        raise
    point, is_new = find_or_add(customer, channel, address, is_verified)
    if not is_same_person(point.customer_id, customer.pk):
        raise RuleViolated(
            "contact_taken", _("This address belongs to another customer."), field="address"
        )
    if not is_new:
        if point.is_verified or not is_verified:
            raise InvalidTransition(_("This address is known already."))
        point.is_verified = True
        point.save(update_fields=["is_verified"])
    data = {"channel": channel, "address": point.masked, "confirmed": point.is_verified}
    code = "customers.contact_added" if is_new else "customers.contact_confirmed"
    record(code, customer, actor=actor, case=case, note=note, data=data)
    return point


def find_or_add(
    customer: Customer, channel: str, address: str, is_verified: bool
) -> tuple[ContactPoint, bool]:
    """The row with this address, whoever was faster, and whether it was made now."""
    point = ContactPoint(
        customer=customer, channel=channel, address=address, is_verified=is_verified
    )
    if point.save_unless_taken():
        return point, True
    return ContactPoint.objects.select_for_update().get(channel=channel, address=address), False


@service
def merge_customers(duplicate_id: int, into_id: int, *, actor: User, note: str = "") -> Customer:
    """Let one customer stand for another; orders and addresses stay where they are. Reversible.

    Raises ``RuleViolated`` for itself, a circle or a target that is itself merged, and
    ``InvalidTransition`` when the duplicate was merged before.
    """
    rows = Customer.objects.visible_to(actor).locked().filter(pk__in=[duplicate_id, into_id])
    locked = {row.pk: row for row in rows.order_by("pk")}
    if duplicate_id == into_id:
        raise RuleViolated(
            "same_customer", _("A customer cannot be merged into itself."), field="customer"
        )
    if len(locked) < 2:
        raise Customer.DoesNotExist
    duplicate, target = locked[duplicate_id], locked[into_id]
    require(can_merge_customers(actor))
    if duplicate.merged_into_id is not None:
        raise InvalidTransition(_("This customer is already merged."), allowed=["unmerge"])
    if target.merged_into_id is not None:
        raise RuleViolated(
            "target_merged", _("The other customer is itself merged."), field="customer"
        )
    duplicate.merged_into = target
    duplicate.save(update_fields=["merged_into"])
    record("customers.merged", duplicate, actor=actor, note=note, data={"into": str(target.pk)})
    return target


@service
def unmerge_customers(duplicate_id: int, *, actor: User, note: str = "") -> Customer:
    """Let a merged customer stand alone again; raises ``InvalidTransition`` if it does."""
    duplicate = Customer.objects.visible_to(actor).locked().get(pk=duplicate_id)
    require(can_merge_customers(actor))
    if duplicate.merged_into_id is None:
        raise InvalidTransition(_("This customer is not merged."), allowed=["merge"])
    target_id = duplicate.merged_into_id
    duplicate.merged_into = None
    duplicate.save(update_fields=["merged_into"])
    record("customers.unmerged", duplicate, actor=actor, note=note, data={"from": str(target_id)})
    return duplicate


@service
def opt_out_of_surveys(customer_id: int, *, actor: User, note: str = "") -> Customer:
    """Never ask this customer for a rating again; a repeat changes nothing."""
    customer = Customer.objects.visible_to(actor).locked().get(pk=customer_id)
    require(can_identify_customers(actor))
    if customer.wants_surveys:
        customer.wants_surveys = False
        customer.save(update_fields=["wants_surveys"])
        record("customers.survey_opt_out", customer, actor=actor, note=note)
    return customer


def known_channel(channel: str) -> str:
    if channel not in ContactChannel.values:
        raise RuleViolated("unknown_channel", _("Unknown kind of address."), field="channel")
    return channel


def language_of(language: str, shop: Shop | None) -> str:
    """A language the desk writes in: the given one, else the shop's, else Chinese."""
    if language in Language.values:
        return language
    return shop.language if shop else Language.ZH


def clean_text(text: str, length: int) -> str:
    """One line without control characters, cut to the column."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:length]
