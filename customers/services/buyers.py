"""The customers behind a set of orders: found with three queries however many orders there are."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter, itemgetter

from aftersales.kernel.clock import now
from aftersales.kernel.loading import insert, insert_values
from compliance.services import record_many
from customers.models import ContactPoint, Customer, Shop, Tier
from customers.payloads import PersonData
from customers.services.identity import language_of
from staff.models import User

Address = tuple[str, str]


class Buyers:
    """Finds or makes the customer of each order; ``save()`` writes what is new or changed.

    An account number of the shop is the surest sign, then phone, then mail. An address that
    somebody else has stays theirs: orders never join two customers, people do. Locks what it found.
    """

    def __init__(self, people: Iterable[tuple[Shop, PersonData]]) -> None:
        people = list(people)
        addresses = {address for _shop, person in people for address in person.addresses}
        numbers = {(shop.pk, person.external_id) for shop, person in people if person.external_id}
        owners = owners_of(addresses)
        found = {
            row.pk: row
            for row in Customer.objects.locked_values()
            .filter(pk__in=ids_of(numbers) | set(owners.values()))
            .order_by("pk")
        }
        self.by_address: dict[Address, Customer] = {
            address: found[owner] for address, owner in owners.items()
        }
        self.by_number = {
            (row.shop_id, row.external_id): row for row in found.values() if row.external_id
        }
        self.new: list[Customer] = []
        self.points: list[tuple[Address, Customer]] = []
        self.changed: dict[int, tuple[Customer, set[str]]] = {}

    def find_or_make(self, shop: Shop, person: PersonData) -> Customer:
        """The customer for one order, with what the shop newly knows of them."""
        customer = self.find(shop, person)
        if customer is None:
            customer = Customer(
                shop=shop,
                external_id=person.external_id,
                name=person.name,
                tier=person.tier or Tier.STANDARD,
                language=language_of(person.language, shop),
                region=person.region,
                created_at=now(),
            )
            self.new.append(customer)
        else:
            self.update(customer, shop, person)
        if person.external_id and customer.shop_id == shop.pk:
            self.by_number.setdefault((shop.pk, customer.external_id), customer)
        for address in person.addresses:
            if address not in self.by_address:
                self.by_address[address] = customer
                self.points.append((address, customer))
        return customer

    def find(self, shop: Shop, person: PersonData) -> Customer | None:
        numbered = self.by_number.get((shop.pk, person.external_id))
        if numbered is not None and person.external_id:
            return numbered
        for address in person.addresses:
            holder = self.by_address.get(address)
            if holder is not None and not (person.external_id and holder.external_id):
                return holder
        return None

    def update(self, customer: Customer, shop: Shop, person: PersonData) -> None:
        """Take over what the shop says and we did not know or knew otherwise."""
        values = {
            "name": person.name,
            "tier": person.tier,
            "language": person.language,
            "region": person.region,
        }
        if person.external_id and not customer.external_id:
            values["external_id"] = person.external_id
            customer.shop = shop
        fields = {
            name for name, value in values.items() if value and getattr(customer, name) != value
        }
        for name in fields:
            setattr(customer, name, values[name])
        if "external_id" in fields:
            fields.add("shop")
        if fields and customer.pk:
            self.changed.setdefault(customer.pk, (customer, set()))[1].update(fields)

    def save(self, *, actor: User) -> None:
        """Write customers and addresses in an order all writers share; in ``signed_in_bulk``."""
        for _pk, (customer, fields) in sorted(self.changed.items()):
            customer.save(update_fields=sorted(fields))
        insert(sorted(self.new, key=attrgetter("shop_id", "external_id")))
        insert_values(
            ContactPoint,
            [
                {"customer_id": customer.pk, "channel": channel, "address": address}
                for (channel, address), customer in sorted(self.points, key=itemgetter(0))
            ],
        )
        record_many("customers.created", self.new, actor=actor)


def owners_of(addresses: set[Address]) -> dict[Address, int]:
    """Ids of the customers who have these contact points."""
    owners: dict[Address, int] = {}
    for channel in {channel for channel, _address in addresses}:
        wanted = [address for one, address in addresses if one == channel]
        points = ContactPoint.objects.filter(channel=channel, address__in=wanted)
        owners.update(
            ((channel, address), owner)
            for address, owner in points.values_list("address", "customer_id")
        )
    return owners


def ids_of(numbers: set[tuple[int, str]]) -> set[int]:
    """Ids of the customers with these account numbers of these shops."""
    rows = Customer.objects.filter(
        shop__in={shop for shop, _number in numbers},
        external_id__in={number for _shop, number in numbers},
    ).exclude(external_id="")
    found = rows.values_list("pk", "shop_id", "external_id")
    return {pk for pk, shop, number in found if (shop, number) in numbers}
