import aftersales.kernel.journal
import aftersales.kernel.migrating
import django.db.models.deletion
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("returns", "0002_money_functions"),
        ("staff", "0003_delegation"),
        ("tickets", "0003_saved_views"),
    ]

    operations = [
        aftersales.kernel.migrating.CreateModel(
            name="GatewayNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("gateway", models.CharField(max_length=20, verbose_name="gateway")),
                ("event_id", models.CharField(max_length=100, verbose_name="notification")),
                (
                    "gateway_number",
                    models.CharField(max_length=40, verbose_name="number at the gateway"),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
            ],
            options={
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("gateway", "event_id"), name="gateway_notice_once"
                    )
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        editable=False, max_length=12, unique=True, verbose_name="refund number"
                    ),
                ),
                (
                    "gateway_number",
                    models.CharField(
                        editable=False,
                        max_length=40,
                        unique=True,
                        verbose_name="number at the gateway",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("purchase", "Refund of the purchase"),
                            ("compensation", "Compensation in cash"),
                            ("statutory_damages", "Statutory damages"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("original", "Original payment"),
                            ("store_credit", "Store credit"),
                        ],
                        max_length=15,
                        verbose_name="by way of",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("desk", "This desk"),
                            ("console", "Made at the gateway"),
                            ("chargeback", "Taken back by the bank"),
                        ],
                        default="desk",
                        max_length=10,
                        verbose_name="made by",
                    ),
                ),
                ("gateway", models.CharField(max_length=20, verbose_name="gateway")),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="customers.payment",
                        verbose_name="payment",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("no_reason", "Returned without reason"),
                            ("quality", "Quality defect"),
                            ("wrong_item", "Wrong article"),
                            ("damaged", "Damaged on the way"),
                            ("not_received", "Not received"),
                            ("late", "Late delivery"),
                            ("price", "Price difference"),
                            ("duplicate", "Paid twice"),
                            ("goodwill", "Goodwill"),
                            ("legal", "Legal claim"),
                            ("other", "Other"),
                        ],
                        max_length=15,
                        verbose_name="reason",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="explanation"
                    ),
                ),
                (
                    "basis_type",
                    models.CharField(
                        blank=True, default="", max_length=60, verbose_name="basis type"
                    ),
                ),
                (
                    "basis_key",
                    models.BigIntegerField(blank=True, null=True, verbose_name="basis id"),
                ),
                (
                    "basis_label",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="basis"),
                ),
                (
                    "basis_digest",
                    models.CharField(
                        blank=True, default="", max_length=64, verbose_name="basis digest"
                    ),
                ),
                (
                    "parcel",
                    models.CharField(
                        blank=True, default="", max_length=64, verbose_name="return parcel"
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        choices=[("normal", "Normal"), ("raised", "Needs a look")],
                        default="normal",
                        max_length=10,
                        verbose_name="risk",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Waiting for approval"),
                            ("approved", "Approved"),
                            ("sending", "Being sent"),
                            ("unknown", "Result unknown"),
                            ("succeeded", "Paid back"),
                            ("failed", "Failed"),
                            ("declined", "Declined"),
                            ("canceled", "Canceled"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="requested")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="submitted"),
                ),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="approved"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "next_look_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="ask the gateway at"),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "reference",
                    models.CharField(
                        blank=True, default="", max_length=100, verbose_name="reference"
                    ),
                ),
                (
                    "outcome_note",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="what came of it"
                    ),
                ),
                (
                    "paid_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="transferred by",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "refund",
                "verbose_name_plural": "refunds",
                "ordering": ("-id",),
                "permissions": [
                    ("view_all_refunds", "Can see the money of all cases"),
                    ("request_refund", "Can ask for refunds"),
                    ("approve_refund", "Can approve refunds within the tiers"),
                    ("release_refund", "Can release what the guard holds"),
                    ("pay_refund", "Can transfer and confirm refunds, book and reconcile"),
                    ("redeem_storecredit", "Can use store credit for an order (service accounts)"),
                ],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["status", "-id"], name="returns_ref_status_106a73_idx"),
                    models.Index(
                        condition=models.Q(("next_look_at__isnull", False)),
                        fields=["next_look_at"],
                        name="refund_to_look_at",
                    ),
                    models.Index(fields=["submitted_at"], name="returns_ref_submitt_5ccccd_idx"),
                    models.Index(
                        condition=models.Q(("parcel", ""), _negated=True),
                        fields=["parcel"],
                        name="refund_by_parcel",
                    ),
                    models.Index(
                        fields=["basis_type", "basis_key"], name="returns_ref_basis_t_e0eb65_idx"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "draft",
                                    "submitted",
                                    "approved",
                                    "sending",
                                    "unknown",
                                    "succeeded",
                                    "failed",
                                    "declined",
                                    "canceled",
                                ],
                            )
                        ),
                        name="refund_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="refund_amount_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["purchase", "compensation", "statutory_damages"]),
                            ("means__in", ["original", "store_credit"]),
                            ("origin__in", ["desk", "console", "chargeback"]),
                            (
                                "reason__in",
                                [
                                    "no_reason",
                                    "quality",
                                    "wrong_item",
                                    "damaged",
                                    "not_received",
                                    "late",
                                    "price",
                                    "duplicate",
                                    "goodwill",
                                    "legal",
                                    "other",
                                ],
                            ),
                        ),
                        name="refund_lists_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "status__in",
                                    [
                                        "submitted",
                                        "approved",
                                        "sending",
                                        "unknown",
                                        "succeeded",
                                        "failed",
                                        "declined",
                                    ],
                                ),
                                _negated=True,
                            ),
                            ("submitted_at__isnull", False),
                            models.Q(("origin", "desk"), _negated=True),
                            _connector="OR",
                        ),
                        name="refund_submitted_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "status__in",
                                    ["approved", "sending", "unknown", "succeeded", "failed"],
                                ),
                                _negated=True,
                            ),
                            ("approved_at__isnull", False),
                            models.Q(("origin", "desk"), _negated=True),
                            _connector="OR",
                        ),
                        name="refund_approved_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["sending", "unknown", "failed", "succeeded"]),
                                _negated=True,
                            ),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="refund_sent_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at__isnull", False),
                                ("status__in", ["succeeded", "failed"]),
                            ),
                            models.Q(
                                models.Q(("status__in", ["succeeded", "failed"]), _negated=True),
                                ("settled_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="refund_settled_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(
                                ("paid_by__isnull", False),
                                models.Q(("confirmed_by", models.F("paid_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="refund_transfer_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="refund_not_confirmed_by_requester",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="GuardHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                ("reasons", models.JSONField(verbose_name="why")),
                (
                    "status",
                    models.CharField(
                        choices=[("held", "Needs a look"), ("released", "Released")],
                        default="held",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("held_at", models.DateTimeField(verbose_name="held")),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="released by",
                    ),
                ),
                (
                    "released_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="released"),
                ),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="reason"),
                ),
            ],
            options={
                "verbose_name": "guard's hold",
                "verbose_name_plural": "guard's holds",
                "ordering": ("-id",),
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["held", "released"])),
                        name="hold_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "held"),
                            models.Q(
                                ("released_at__isnull", False),
                                ("released_by__isnull", False),
                                models.Q(("note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hold_release_has_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "held")),
                        fields=("refund",),
                        name="hold_one_open",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="StoreCredit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="store_credits",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "balance",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="balance"
                    ),
                ),
            ],
            options={
                "verbose_name": "store credit",
                "verbose_name_plural": "store credits",
                "ordering": ("-id",),
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "currency"), name="store_credit_identity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("balance__gte", 0)), name="store_credit_not_negative"
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("set_id", models.UUIDField(verbose_name="booking")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("reserve", "Reserved"),
                            ("release", "Released"),
                            ("settle", "Paid"),
                            ("clear", "Seen on the statement"),
                            ("redeem", "Store credit used"),
                        ],
                        max_length=10,
                        verbose_name="act",
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="customers.payment",
                        verbose_name="payment",
                    ),
                ),
                (
                    "store_credit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="returns.storecredit",
                        verbose_name="store credit",
                    ),
                ),
                (
                    "account",
                    models.CharField(
                        choices=[
                            ("customer_liability", "Customers' payments"),
                            ("reservation", "Reserved for refunds"),
                            ("gateway_clearing", "Paid through a gateway"),
                            ("cash", "Left the bank"),
                            ("store_credit", "Store credit owed"),
                            ("redeemed", "Store credit used"),
                            ("statutory_damages", "Statutory damages"),
                            ("compensation", "Compensation"),
                        ],
                        max_length=20,
                        verbose_name="account",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "reference",
                    models.CharField(
                        blank=True, default="", max_length=100, verbose_name="reference"
                    ),
                ),
                ("actor_id", models.BigIntegerField(verbose_name="actor id")),
                ("actor_name", models.CharField(max_length=200, verbose_name="actor")),
                ("booked_at", models.DateTimeField(verbose_name="booked")),
            ],
            options={
                "verbose_name": "ledger entry",
                "verbose_name_plural": "ledger",
                "ordering": ("-id",),
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["set_id"], name="returns_led_set_id_e77d21_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True),
                        name="ledger_amount_not_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "account__in",
                                [
                                    "customer_liability",
                                    "reservation",
                                    "gateway_clearing",
                                    "cash",
                                    "store_credit",
                                    "redeemed",
                                    "statutory_damages",
                                    "compensation",
                                ],
                            )
                        ),
                        name="ledger_account_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("step", "settle")),
                        fields=("refund", "account"),
                        name="ledger_settled_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("step", "clear")),
                        fields=("refund", "account"),
                        name="ledger_cleared_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("step", "redeem")),
                        fields=("reference", "account"),
                        name="ledger_redeemed_once",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="ReconciliationItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "Paid by us, not on the statement"),
                            ("foreign", "On the statement, not made by this desk"),
                            ("amount", "Another amount"),
                            ("currency", "Another currency"),
                            ("status", "Another result"),
                            ("duplicate", "Twice on the statement"),
                            ("unresolved", "Result still unknown"),
                            ("books", "Counters and ledger differ"),
                            ("overdrawn", "More went back than was paid"),
                            ("contradiction", "The gateway contradicts itself"),
                        ],
                        max_length=15,
                        verbose_name="difference",
                    ),
                ),
                ("key", models.CharField(max_length=120, verbose_name="about")),
                (
                    "refund",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="differences",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="differences",
                        to="customers.payment",
                        verbose_name="payment",
                    ),
                ),
                (
                    "ours",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="ours"),
                ),
                (
                    "theirs",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="theirs"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="differences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("resolved", "Resolved")],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="resolved by",
                    ),
                ),
                (
                    "resolved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="resolved"),
                ),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="reason"),
                ),
            ],
            options={
                "verbose_name": "difference",
                "verbose_name_plural": "differences",
                "ordering": ("-id",),
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "resolved"])),
                        name="difference_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "open"),
                            models.Q(
                                ("resolved_at__isnull", False),
                                ("resolved_by__isnull", False),
                                models.Q(("note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="difference_resolution_has_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "open")),
                        fields=("kind", "key"),
                        name="difference_one_open",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="RefundAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("send", "Instruction sent"), ("query", "Result asked for")],
                        max_length=10,
                        verbose_name="what was asked",
                    ),
                ),
                (
                    "gateway_number",
                    models.CharField(max_length=40, verbose_name="number at the gateway"),
                ),
                (
                    "request_digest",
                    models.CharField(max_length=64, verbose_name="digest of the request"),
                ),
                ("claimed_at", models.DateTimeField(verbose_name="begun")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("succeeded", "Paid"),
                            ("failed", "Refused for good"),
                            ("pending", "Under way"),
                            ("not_found", "Never heard of it"),
                            ("unknown", "No usable answer"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                (
                    "detail",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="detail"),
                ),
                ("response", models.JSONField(blank=True, default=dict, verbose_name="answer")),
            ],
            options={
                "verbose_name": "gateway call",
                "verbose_name_plural": "gateway calls",
                "ordering": ("id",),
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("result", "")),
                            models.Q(
                                (
                                    "result__in",
                                    ["succeeded", "failed", "pending", "not_found", "unknown"],
                                ),
                                ("finished_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="refund_attempt_result_has_time",
                    )
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="RefundEvidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.attachment",
                        verbose_name="file",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="added")),
            ],
            options={
                "verbose_name": "refund evidence",
                "verbose_name_plural": "refund evidence",
                "ordering": ("id",),
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("refund", "attachment"), name="refund_evidence_once"
                    )
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="RefundLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("label", models.CharField(max_length=200, verbose_name="for")),
                (
                    "order_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refund_lines",
                        to="customers.orderline",
                        verbose_name="article",
                    ),
                ),
                (
                    "quantity",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="quantity"),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
            ],
            options={
                "verbose_name": "refund line",
                "verbose_name_plural": "refund lines",
                "ordering": ("position", "id"),
                "default_permissions": ("view",),
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="RefundTouch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="touches",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("created", "Requested it"),
                            ("amount", "Changed the amount"),
                            ("payee", "Changed where it goes"),
                            ("lines", "Changed the lines"),
                            ("evidence", "Changed the evidence"),
                            ("reason", "Changed the reason"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("touched_at", models.DateTimeField(verbose_name="when")),
            ],
            options={
                "verbose_name": "touch",
                "verbose_name_plural": "touches",
                "ordering": ("id",),
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("refund", "user", "what"), name="refund_touch_once"
                    )
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("gateway", models.CharField(max_length=20, verbose_name="gateway")),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="digest")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("imported_at", models.DateTimeField(verbose_name="imported")),
            ],
            options={
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
                "ordering": ("-id",),
                "default_permissions": ("view",),
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="StatementLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="returns.statement",
                        verbose_name="statement",
                    ),
                ),
                ("row", models.PositiveIntegerField(verbose_name="row")),
                (
                    "gateway_number",
                    models.CharField(max_length=40, verbose_name="number at the gateway"),
                ),
                ("reference", models.CharField(max_length=100, verbose_name="reference")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("result", models.CharField(max_length=20, verbose_name="result")),
                ("happened_at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "statement line",
                "verbose_name_plural": "statement lines",
                "ordering": ("id",),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["gateway_number"], name="returns_sta_gateway_cac6b0_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "row"), name="statement_line_identity"
                    )
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="ApprovalTier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name (Chinese)")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("purchase", "Refund of the purchase"),
                            ("compensation", "Compensation in cash"),
                            ("statutory_damages", "Statutory damages"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_reason", "Returned without reason"),
                            ("quality", "Quality defect"),
                            ("wrong_item", "Wrong article"),
                            ("damaged", "Damaged on the way"),
                            ("not_received", "Not received"),
                            ("late", "Late delivery"),
                            ("price", "Price difference"),
                            ("duplicate", "Paid twice"),
                            ("goodwill", "Goodwill"),
                            ("legal", "Legal claim"),
                            ("other", "Other"),
                        ],
                        default="",
                        max_length=15,
                        verbose_name="reason",
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        blank=True,
                        choices=[("normal", "Normal"), ("raised", "Needs a look")],
                        default="",
                        max_length=10,
                        verbose_name="risk",
                    ),
                ),
                (
                    "amount_from",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="amount from"
                    ),
                ),
                (
                    "order_total_from",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="order's total from",
                    ),
                ),
                (
                    "customer_total_from",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="customer's 30 days from",
                    ),
                ),
                (
                    "agent_total_from",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="agent's 30 days from",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("agent", "Service agent"),
                            ("lead", "Department lead"),
                            ("warehouse", "Warehouse"),
                            ("finance", "Finance"),
                            ("quality", "Quality"),
                            ("supplier_desk", "Supplier desk"),
                            ("auditor", "Auditor"),
                            ("administrator", "Administrator"),
                            ("service_account", "Service account"),
                        ],
                        max_length=20,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "approver_count",
                    models.PositiveSmallIntegerField(default=1, verbose_name="how many people"),
                ),
                (
                    "asks_password",
                    models.BooleanField(default=False, verbose_name="asks for the password again"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "approval tier",
                "verbose_name_plural": "approval tiers",
                "ordering": ("currency", "level", "id"),
                "default_permissions": ("view", "add", "change"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("approver_count__range", (1, 5))),
                        name="tier_approver_count",
                        violation_error_message="One to five people.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_from__gte", 0)),
                        name="tier_amount_not_negative",
                        violation_error_message="The amount cannot be negative.",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="ApprovalRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval_requests",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                (
                    "tier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="returns.approvaltier",
                        verbose_name="approval tier",
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("agent", "Service agent"),
                            ("lead", "Department lead"),
                            ("warehouse", "Warehouse"),
                            ("finance", "Finance"),
                            ("quality", "Quality"),
                            ("supplier_desk", "Supplier desk"),
                            ("auditor", "Auditor"),
                            ("administrator", "Administrator"),
                            ("service_account", "Service account"),
                        ],
                        max_length=20,
                        verbose_name="approved by",
                    ),
                ),
                ("needed_count", models.PositiveSmallIntegerField(verbose_name="how many people")),
                (
                    "asks_password",
                    models.BooleanField(default=False, verbose_name="asks for the password again"),
                ),
                ("totals", models.JSONField(default=dict, verbose_name="totals of 30 days")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("granted", "Granted"),
                            ("declined", "Declined"),
                            ("asked_back", "Asked back"),
                            ("void", "Void"),
                            ("expired", "Expired"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="requested")),
                ("expires_at", models.DateTimeField(verbose_name="open until")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
                "ordering": ("expires_at", "id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "open")),
                        fields=["expires_at"],
                        name="approval_open_by_expiry",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["open", "granted", "declined", "asked_back", "void", "expired"],
                            )
                        ),
                        name="approval_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("needed_count__gte", 1)), name="approval_needs_somebody"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "open"), ("decided_at__isnull", False), _connector="OR"
                        ),
                        name="approval_decision_has_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["open", "granted"])),
                        fields=("refund",),
                        name="approval_one_live",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="returns.approvalrequest",
                        verbose_name="approval",
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("approve", "Approved"),
                            ("decline", "Declined"),
                            ("ask_back", "Asked back"),
                        ],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "principal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="on behalf of",
                    ),
                ),
                (
                    "delegation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.delegation",
                        verbose_name="delegation",
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="reason"),
                ),
                (
                    "reauthenticated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="password entered"),
                ),
                ("decided_at", models.DateTimeField(verbose_name="decided")),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ("id",),
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "decided_by"), name="approval_by_distinct"
                    ),
                    models.UniqueConstraint(
                        fields=("request", "principal"), name="approval_for_distinct"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delegation", None), ("principal", models.F("decided_by"))),
                            models.Q(
                                ("delegation__isnull", False),
                                models.Q(("principal", models.F("decided_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="approval_delegated_or_own",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalApprovalRequest",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("agent", "Service agent"),
                            ("lead", "Department lead"),
                            ("warehouse", "Warehouse"),
                            ("finance", "Finance"),
                            ("quality", "Quality"),
                            ("supplier_desk", "Supplier desk"),
                            ("auditor", "Auditor"),
                            ("administrator", "Administrator"),
                            ("service_account", "Service account"),
                        ],
                        max_length=20,
                        verbose_name="approved by",
                    ),
                ),
                ("needed_count", models.PositiveSmallIntegerField(verbose_name="how many people")),
                (
                    "asks_password",
                    models.BooleanField(default=False, verbose_name="asks for the password again"),
                ),
                ("totals", models.JSONField(default=dict, verbose_name="totals of 30 days")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("granted", "Granted"),
                            ("declined", "Declined"),
                            ("asked_back", "Asked back"),
                            ("void", "Void"),
                            ("expired", "Expired"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="requested")),
                ("expires_at", models.DateTimeField(verbose_name="open until")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "refund",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="returns.approvaltier",
                        verbose_name="approval tier",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical approval",
                "verbose_name_plural": "historical approvals",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="returns_his_id_fc7faf_idx"),
                    models.Index(fields=["change_id"], name="returns_his_change__e2e185_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalApprovalTier",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name (Chinese)")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("purchase", "Refund of the purchase"),
                            ("compensation", "Compensation in cash"),
                            ("statutory_damages", "Statutory damages"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_reason", "Returned without reason"),
                            ("quality", "Quality defect"),
                            ("wrong_item", "Wrong article"),
                            ("damaged", "Damaged on the way"),
                            ("not_received", "Not received"),
                            ("late", "Late delivery"),
                            ("price", "Price difference"),
                            ("duplicate", "Paid twice"),
                            ("goodwill", "Goodwill"),
                            ("legal", "Legal claim"),
                            ("other", "Other"),
                        ],
                        default="",
                        max_length=15,
                        verbose_name="reason",
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        blank=True,
                        choices=[("normal", "Normal"), ("raised", "Needs a look")],
                        default="",
                        max_length=10,
                        verbose_name="risk",
                    ),
                ),
                (
                    "amount_from",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="amount from"
                    ),
                ),
                (
                    "order_total_from",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="order's total from",
                    ),
                ),
                (
                    "customer_total_from",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="customer's 30 days from",
                    ),
                ),
                (
                    "agent_total_from",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="agent's 30 days from",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("agent", "Service agent"),
                            ("lead", "Department lead"),
                            ("warehouse", "Warehouse"),
                            ("finance", "Finance"),
                            ("quality", "Quality"),
                            ("supplier_desk", "Supplier desk"),
                            ("auditor", "Auditor"),
                            ("administrator", "Administrator"),
                            ("service_account", "Service account"),
                        ],
                        max_length=20,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "approver_count",
                    models.PositiveSmallIntegerField(default=1, verbose_name="how many people"),
                ),
                (
                    "asks_password",
                    models.BooleanField(default=False, verbose_name="asks for the password again"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical approval tier",
                "verbose_name_plural": "historical approval tiers",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="returns_his_id_08ada6_idx"),
                    models.Index(fields=["change_id"], name="returns_his_change__e24638_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalGuardHold",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("reasons", models.JSONField(verbose_name="why")),
                (
                    "status",
                    models.CharField(
                        choices=[("held", "Needs a look"), ("released", "Released")],
                        default="held",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("held_at", models.DateTimeField(verbose_name="held")),
                (
                    "released_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="released"),
                ),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="reason"),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "refund",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="released by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical guard's hold",
                "verbose_name_plural": "historical guard's holds",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="returns_his_id_be1d78_idx"),
                    models.Index(fields=["change_id"], name="returns_his_change__4c162b_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalReconciliationItem",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "Paid by us, not on the statement"),
                            ("foreign", "On the statement, not made by this desk"),
                            ("amount", "Another amount"),
                            ("currency", "Another currency"),
                            ("status", "Another result"),
                            ("duplicate", "Twice on the statement"),
                            ("unresolved", "Result still unknown"),
                            ("books", "Counters and ledger differ"),
                            ("overdrawn", "More went back than was paid"),
                            ("contradiction", "The gateway contradicts itself"),
                        ],
                        max_length=15,
                        verbose_name="difference",
                    ),
                ),
                ("key", models.CharField(max_length=120, verbose_name="about")),
                (
                    "ours",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="ours"),
                ),
                (
                    "theirs",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="theirs"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("resolved", "Resolved")],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                (
                    "resolved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="resolved"),
                ),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="reason"),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "refund",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.payment",
                        verbose_name="payment",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="resolved by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical difference",
                "verbose_name_plural": "historical differences",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="returns_his_id_8d33f4_idx"),
                    models.Index(fields=["change_id"], name="returns_his_change__374790_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalRefund",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "number",
                    models.CharField(editable=False, max_length=12, verbose_name="refund number"),
                ),
                (
                    "gateway_number",
                    models.CharField(
                        editable=False, max_length=40, verbose_name="number at the gateway"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("purchase", "Refund of the purchase"),
                            ("compensation", "Compensation in cash"),
                            ("statutory_damages", "Statutory damages"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("original", "Original payment"),
                            ("store_credit", "Store credit"),
                        ],
                        max_length=15,
                        verbose_name="by way of",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("desk", "This desk"),
                            ("console", "Made at the gateway"),
                            ("chargeback", "Taken back by the bank"),
                        ],
                        default="desk",
                        max_length=10,
                        verbose_name="made by",
                    ),
                ),
                ("gateway", models.CharField(max_length=20, verbose_name="gateway")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("no_reason", "Returned without reason"),
                            ("quality", "Quality defect"),
                            ("wrong_item", "Wrong article"),
                            ("damaged", "Damaged on the way"),
                            ("not_received", "Not received"),
                            ("late", "Late delivery"),
                            ("price", "Price difference"),
                            ("duplicate", "Paid twice"),
                            ("goodwill", "Goodwill"),
                            ("legal", "Legal claim"),
                            ("other", "Other"),
                        ],
                        max_length=15,
                        verbose_name="reason",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="explanation"
                    ),
                ),
                (
                    "basis_type",
                    models.CharField(
                        blank=True, default="", max_length=60, verbose_name="basis type"
                    ),
                ),
                (
                    "basis_key",
                    models.BigIntegerField(blank=True, null=True, verbose_name="basis id"),
                ),
                (
                    "basis_label",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="basis"),
                ),
                (
                    "basis_digest",
                    models.CharField(
                        blank=True, default="", max_length=64, verbose_name="basis digest"
                    ),
                ),
                (
                    "parcel",
                    models.CharField(
                        blank=True, default="", max_length=64, verbose_name="return parcel"
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        choices=[("normal", "Normal"), ("raised", "Needs a look")],
                        default="normal",
                        max_length=10,
                        verbose_name="risk",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Waiting for approval"),
                            ("approved", "Approved"),
                            ("sending", "Being sent"),
                            ("unknown", "Result unknown"),
                            ("succeeded", "Paid back"),
                            ("failed", "Failed"),
                            ("declined", "Declined"),
                            ("canceled", "Canceled"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="requested")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="submitted"),
                ),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="approved"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "next_look_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="ask the gateway at"),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "reference",
                    models.CharField(
                        blank=True, default="", max_length=100, verbose_name="reference"
                    ),
                ),
                (
                    "outcome_note",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="what came of it"
                    ),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.payment",
                        verbose_name="payment",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                        verbose_name="case",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
                (
                    "paid_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="transferred by",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical refund",
                "verbose_name_plural": "historical refunds",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="returns_his_id_23d5f1_idx"),
                    models.Index(fields=["change_id"], name="returns_his_change__17072f_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalRefundAttempt",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("send", "Instruction sent"), ("query", "Result asked for")],
                        max_length=10,
                        verbose_name="what was asked",
                    ),
                ),
                (
                    "gateway_number",
                    models.CharField(max_length=40, verbose_name="number at the gateway"),
                ),
                (
                    "request_digest",
                    models.CharField(max_length=64, verbose_name="digest of the request"),
                ),
                ("claimed_at", models.DateTimeField(verbose_name="begun")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("succeeded", "Paid"),
                            ("failed", "Refused for good"),
                            ("pending", "Under way"),
                            ("not_found", "Never heard of it"),
                            ("unknown", "No usable answer"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                (
                    "detail",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="detail"),
                ),
                ("response", models.JSONField(blank=True, default=dict, verbose_name="answer")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "refund",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical gateway call",
                "verbose_name_plural": "historical gateway calls",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="returns_his_id_6cdeb1_idx"),
                    models.Index(fields=["change_id"], name="returns_his_change__446b8b_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalRefundEvidence",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("added_at", models.DateTimeField(verbose_name="added")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "refund",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.attachment",
                        verbose_name="file",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical refund evidence",
                "verbose_name_plural": "historical refund evidence",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="returns_his_id_206328_idx"),
                    models.Index(fields=["change_id"], name="returns_his_change__e2c39e_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalRefundLine",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("label", models.CharField(max_length=200, verbose_name="for")),
                (
                    "quantity",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="quantity"),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "refund",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="returns.refund",
                        verbose_name="refund",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.orderline",
                        verbose_name="article",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical refund line",
                "verbose_name_plural": "historical refund lines",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="returns_his_id_283664_idx"),
                    models.Index(fields=["change_id"], name="returns_his_change__2f7605_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalStatement",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("gateway", models.CharField(max_length=20, verbose_name="gateway")),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("imported_at", models.DateTimeField(verbose_name="imported")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical statement",
                "verbose_name_plural": "historical statements",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="returns_his_id_9f1248_idx"),
                    models.Index(fields=["change_id"], name="returns_his_change__706a0f_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalStoreCredit",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "balance",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="balance"
                    ),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical store credit",
                "verbose_name_plural": "historical store credits",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="returns_his_id_2d215d_idx"),
                    models.Index(fields=["change_id"], name="returns_his_change__523a21_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="approvaltier",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="b5d72edcebfa631180455f6c4f9f1b7ef2d6903d",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_d07f8",
                    table="returns_approvaltier",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="gatewaynotice",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="ef6e5fa2b4cb131d245424775077a132351a1358",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_87ffc",
                    table="returns_gatewaynotice",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalapprovaltier",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="08cd48abacc4b0876567f45950c129fc3b3e34f0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_57933",
                    table="returns_historicalapprovaltier",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalstatement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="fb45cb96d014ef8066532a1ed2b71eef1f6d952a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_43a8f",
                    table="returns_historicalstatement",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="9272d3e27df73f8be123432ae50dbab7c5197ee2",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_e4f67",
                    table="returns_statement",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalrefund",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="80676816292c083f662bd37aaa1436c891d27247",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b25e6",
                    table="returns_historicalrefund",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalstorecredit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="44fcc86cfc94cd61b7b8ff86951fcc25219a7e6b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_12fe6",
                    table="returns_historicalstorecredit",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="refund",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('ticket_id')",
                    func="",
                    hash="96e687dd6d14e6e20c38d023a109b18659592370",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_4118f",
                    table="returns_refund",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="refund",
            trigger=pgtrigger.compiler.Trigger(
                name="refund_guard",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_refund_guard()",
                    func="",
                    hash="315c1abb4a4a8b33e80c74f31560e8192ecd4b59",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_refund_guard_71f80",
                    table="returns_refund",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="reconciliationitem",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="041baa70ba8544c3b6806a12f9023e6a6154c3da",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_d9b70",
                    table="returns_reconciliationitem",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalrefundline",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="d53870be8c9eee316dbc89c5426855bd8e4c1f2c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6457d",
                    table="returns_historicalrefundline",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalrefundevidence",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="131a9546b12c4f82cb626a4f4281792906163f46",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6e318",
                    table="returns_historicalrefundevidence",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalrefundattempt",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="101e84687c5a4360d88791c5adee6d37dc6b9ab0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_dfc3c",
                    table="returns_historicalrefundattempt",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalreconciliationitem",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="383428c8187512af929c00b1fb1787646ce38ceb",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b17fe",
                    table="returns_historicalreconciliationitem",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalguardhold",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="708bbf54089dacb1b6368204be8f52d5702a244e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a759d",
                    table="returns_historicalguardhold",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalapprovalrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="8a0a8d42df6a5a1bacad941c5e0e306013317a11",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f82fa",
                    table="returns_historicalapprovalrequest",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="guardhold",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="b19971c8969a3ecd881ae930d579b95cdf2482a4",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_d3a62",
                    table="returns_guardhold",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="approvalrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="d23065bbc7352bc6566d2de66bedcc1e6de42592",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_ded21",
                    table="returns_approvalrequest",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="approvalrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="approval_request_guard",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_approval_request_guard()",
                    func="",
                    hash="14a402c171dba43593bf71c2e2d0054aae77cf97",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_approval_request_guard_884ed",
                    table="returns_approvalrequest",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="approval",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="460ba7b2a95f60ce8db229eabeec0bf4d45a818d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_685da",
                    table="returns_approval",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="approval",
            trigger=pgtrigger.compiler.Trigger(
                name="approval_guard",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_approval_guard()",
                    func="",
                    hash="de22ba373bde0c15709bc04693cc7e9131fa1fc8",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_approval_guard_36f72",
                    table="returns_approval",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="refundattempt",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="7867f759a5a3fdb2f9b352e41714e7347c57d092",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_66515",
                    table="returns_refundattempt",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="refundevidence",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="3520a15d941830de33a37a39bf6b8ae26aabd65f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_6162b",
                    table="returns_refundevidence",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="refundevidence",
            trigger=pgtrigger.compiler.Trigger(
                name="refund_part_guard",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_refund_part_guard()",
                    func="",
                    hash="1b7110b0f2b536b8f73b4fbcace9cea7781c5288",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_refund_part_guard_32e4a",
                    table="returns_refundevidence",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="refundline",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="7a7b57755245db84e245b64b89a6b5cb1512e003",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_f69cd",
                    table="returns_refundline",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="refundline",
            trigger=pgtrigger.compiler.Trigger(
                name="refund_part_guard",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_refund_part_guard()",
                    func="",
                    hash="a21e38a191fbe3a40e94a7f46e068948c8354d8c",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_refund_part_guard_d898a",
                    table="returns_refundline",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="refundtouch",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="efe77cf7ea00f190a28c06803e6a80d62954dd17",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2139c",
                    table="returns_refundtouch",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="statementline",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="437a47930f39843e5ec67b74ae0a43cd51473a15",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3930d",
                    table="returns_statementline",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="storecredit",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="21933a86c2128b9e343bbae34fed7c742923336d",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_197d7",
                    table="returns_storecredit",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="ledgerentry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="73e2aeeb572744c794114ad4999ed7d2d97ad258",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9a0af",
                    table="returns_ledgerentry",
                    when="BEFORE",
                ),
            ),
        ),
    ]
