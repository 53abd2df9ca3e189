"""The shop's records as received, read-only: who bought what, paid what, where parcels went."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.localized import localized
from aftersales.kernel.masking import mask_email, mask_name, mask_phone
from aftersales.kernel.money import written
from customers.querysets import CustomerQuerySet, OrderQuerySet
from staff.models import Language


class Shop(AuditedModel):
    """A storefront: the source of orders, the sender of mails, the market whose rules apply."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name (English)"), max_length=80)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    market = models.CharField(_("market"), max_length=2, default="CN")
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ZH
    )
    support_mail = models.EmailField(_("support address"), blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    history = History()

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        ordering = ("code",)
        triggers = [Journaled()]

    def __str__(self) -> str:
        return localized(self.name, self.name_zh)


class Tier(models.TextChoices):
    """What the shop calls its customers' standing."""

    STANDARD = "standard", _("Standard")
    SILVER = "silver", _("Silver")
    GOLD = "gold", _("Gold")
    VIP = "vip", _("VIP")


def customer_label(name: str) -> str:
    """How lists name a customer: masked, since a list is seen by many."""
    return mask_name(name) or gettext("Unnamed customer")


class Customer(AuditedModel):
    """A person who bought or wrote. ``merged_into`` joins duplicates and can be undone."""

    shop = models.ForeignKey(
        Shop,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("shop"),
    )
    external_id = models.CharField(_("number in the shop"), max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, default=Tier.STANDARD)
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ZH
    )
    region = models.CharField(_("region"), max_length=80, blank=True)
    preferences = models.CharField(_("preferences"), max_length=300, blank=True)
    wants_surveys = models.BooleanField(_("may be asked for a rating"), default=True)
    last_surveyed_at = models.DateTimeField(_("last asked for a rating"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )
    created_at = models.DateTimeField(_("known since"))

    objects = CustomerQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ("-id",)
        permissions = [
            ("disclose_customer", "Can be shown personal data with a reason"),
            ("merge_customer", "Can merge duplicate customers"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "external_id"],
                condition=~Q(external_id=""),
                name="customer_external_id_unique",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="customer_not_merged_into_itself",
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return customer_label(self.name)

    @property
    def is_called_by_number(self) -> bool:
        """A name is the same in all languages; that there is none is said in each."""
        return bool(self.name)

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)


class ContactChannel(models.TextChoices):
    """Ways to reach a person."""

    EMAIL = "email", pgettext_lazy("address", "E-mail")
    PHONE = "phone", _("Phone")
    WECHAT = "wechat", _("WeChat")
    PLATFORM = "platform", _("Marketplace account")


class ContactPoint(AuditedModel):
    """One address, normalised (``customers.contacts``), belonging to one customer only."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="contact_points", verbose_name=_("customer")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=ContactChannel.choices)
    address = models.CharField(pgettext_lazy("contact", "address"), max_length=254)
    is_verified = models.BooleanField(_("confirmed"), default=False)

    history = History()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["channel", "address"], name="contact_point_unique"),
            models.CheckConstraint(
                condition=Q(channel__in=ContactChannel.values), name="contact_channel_known"
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """The address as lists show it."""
        if self.channel == ContactChannel.EMAIL:
            return mask_email(self.address)
        return mask_phone(self.address)


class OrderStatus(models.TextChoices):
    """The shop's own word on the order; received, never moved here."""

    PAID = "paid", _("Paid")
    SHIPPED = "shipped", _("Shipped")
    DELIVERED = "delivered", _("Delivered")
    COMPLETED = "completed", _("Completed")
    CANCELED = "canceled", _("Canceled")


class Order(AuditedModel):
    """An order as the shop reported it last; the pair (shop, external id) is its identity."""

    is_called_by_number = True

    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="orders", verbose_name=_("shop"), db_index=False
    )
    external_id = models.CharField(_("order number"), max_length=64)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="orders", verbose_name=_("customer")
    )
    shop_status = models.CharField(
        _("status in the shop"),
        max_length=10,
        choices=OrderStatus.choices,
        default=OrderStatus.PAID,
    )
    placed_at = models.DateTimeField(_("placed at"))
    currency = models.CharField(_("currency"), max_length=3)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    shipping_fee = models.DecimalField(_("shipping"), max_digits=14, decimal_places=2, default=0)
    # Agreed at the purchase (满减): from which sum on how much was taken off.
    discount_steps = models.JSONField(_("discounts by sum"), default=list, blank=True)
    recipient = models.CharField(_("recipient"), max_length=120, blank=True)
    recipient_phone = models.CharField(_("recipient's phone"), max_length=32, blank=True)
    address = models.CharField(_("delivery address"), max_length=300, blank=True)
    is_business = models.BooleanField(_("business buyer"), default=False)
    payload_digest = models.CharField(_("digest"), max_length=64, editable=False)
    received_at = models.DateTimeField(_("received at"))
    updated_at = models.DateTimeField(_("last update"))
    source_updated_at = models.DateTimeField(_("changed in the shop at"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ("-placed_at", "-id")
        permissions = [
            ("write_order", "Can push orders (service accounts)"),
            ("import_order", "Can import orders from files"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shop", "external_id"], name="order_identity"),
            models.CheckConstraint(condition=Q(total__gte=0), name="order_total_not_negative"),
            models.CheckConstraint(
                condition=Q(shop_status__in=OrderStatus.values), name="order_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["external_id"]),
            models.Index(fields=["customer", "-placed_at"]),
            models.Index(fields=["-placed_at", "-id"]),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return self.external_id


class OrderLine(AuditedModel):
    """One article of an order. ``paid_amount`` is the line's share after all discounts."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", verbose_name=_("order"))
    position = models.PositiveSmallIntegerField(_("position"))
    sku = models.CharField(_("SKU"), max_length=64)
    name = models.CharField(_("article"), max_length=200)
    category = models.CharField(pgettext_lazy("article", "category"), max_length=80, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=2)
    paid_amount = models.DecimalField(_("paid"), max_digits=14, decimal_places=2)
    serial_number = models.CharField(_("serial number"), max_length=64, blank=True)
    # What return eligibility asks of an article (7-day no-reason return measures, art. 6-7).
    traits = ArrayField(
        models.CharField(max_length=30), verbose_name=_("traits"), default=list, blank=True
    )
    is_marked_on_page = models.BooleanField(_("exclusion marked on the page"), default=False)
    is_confirmed_at_purchase = models.BooleanField(
        _("exclusion confirmed at purchase"), default=False
    )

    history = History()

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ("order", "position")
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_line_quantity"),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, paid_amount__gte=0), name="order_line_amounts"
            ),
        ]
        indexes = [
            models.Index(
                fields=["serial_number"], condition=~Q(serial_number=""), name="line_serial"
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"


class Payment(AuditedModel):
    """Money received for an order, in the payment's currency. What goes back never exceeds it."""

    order = models.ForeignKey(
        Order, models.PROTECT, related_name="payments", verbose_name=_("order")
    )
    external_id = models.CharField(_("payment number"), max_length=64)
    method = models.CharField(_("method"), max_length=30)
    currency = models.CharField(_("currency"), max_length=3)
    captured = models.DecimalField(_("captured"), max_digits=14, decimal_places=2)
    reserved = models.DecimalField(_("reserved"), max_digits=14, decimal_places=2, default=0)
    refunded = models.DecimalField(_("refunded"), max_digits=14, decimal_places=2, default=0)
    paid_at = models.DateTimeField(_("paid at"))

    history = History()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("paid_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["order", "external_id"], name="payment_identity"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, refunded__gte=0)
                & Q(captured__gte=F("reserved") + F("refunded")),
                name="payment_never_overdrawn",
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.method} {written(self.captured, self.currency)}"


class Shipment(AuditedModel):
    """A parcel of an order."""

    order = models.ForeignKey(
        Order, models.PROTECT, related_name="shipments", verbose_name=_("order")
    )
    carrier = models.CharField(_("carrier"), max_length=40)
    tracking_number = models.CharField(_("tracking number"), max_length=64)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)

    history = History()

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["order", "tracking_number"], name="shipment_identity"),
            models.CheckConstraint(
                condition=Q(delivered_at=None)
                | Q(shipped_at=None)
                | Q(delivered_at__gte=F("shipped_at")),
                name="shipment_delivered_after_shipped",
            ),
        ]
        indexes = [models.Index(fields=["tracking_number"])]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}"


class ShipmentEvent(AuditedModel):
    """A scan of the carrier, as received."""

    shipment = models.ForeignKey(
        Shipment, models.PROTECT, related_name="events", verbose_name=_("parcel")
    )
    happened_at = models.DateTimeField(_("at"))
    text = models.CharField(_("what happened"), max_length=300)
    place = models.CharField(_("place"), max_length=100, blank=True)

    history = History()

    class Meta:
        verbose_name = _("parcel event")
        verbose_name_plural = _("parcel events")
        ordering = ("happened_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "happened_at", "text"], name="shipment_event_once"
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%d %H:%M} {self.text}"
