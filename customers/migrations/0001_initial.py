import aftersales.kernel.journal
import aftersales.kernel.migrating
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import simple_history.models
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("staff", "0001_initial"),
    ]

    operations = [
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalShop",
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
                ("code", models.SlugField(db_index=False, max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name (Chinese)")),
                ("market", models.CharField(default="CN", max_length=2, verbose_name="market")),
                (
                    "currency",
                    models.CharField(default="CNY", max_length=3, verbose_name="currency"),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")],
                        default="zh-hans",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "support_mail",
                    models.EmailField(blank=True, max_length=254, verbose_name="support address"),
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
                "verbose_name": "historical shop",
                "verbose_name_plural": "historical shops",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="customers_h_id_4e4d80_idx"),
                    models.Index(fields=["change_id"], name="customers_h_change__07a23c_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Shop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name (English)")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name (Chinese)")),
                ("market", models.CharField(default="CN", max_length=2, verbose_name="market")),
                (
                    "currency",
                    models.CharField(default="CNY", max_length=3, verbose_name="currency"),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")],
                        default="zh-hans",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "support_mail",
                    models.EmailField(blank=True, max_length=254, verbose_name="support address"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "shop",
                "verbose_name_plural": "shops",
                "ordering": ("code",),
                "indexes": [],
                "constraints": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to="customers.shop",
                        verbose_name="shop",
                    ),
                ),
                (
                    "external_id",
                    models.CharField(blank=True, max_length=100, verbose_name="number in the shop"),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("standard", "Standard"),
                            ("silver", "Silver"),
                            ("gold", "Gold"),
                            ("vip", "VIP"),
                        ],
                        default="standard",
                        max_length=10,
                        verbose_name="tier",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")],
                        default="zh-hans",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=80, verbose_name="region")),
                (
                    "preferences",
                    models.CharField(blank=True, max_length=300, verbose_name="preferences"),
                ),
                (
                    "wants_surveys",
                    models.BooleanField(default=True, verbose_name="may be asked for a rating"),
                ),
                (
                    "last_surveyed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="last asked for a rating"
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="customers.customer",
                        verbose_name="merged into",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="known since")),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "ordering": ("-id",),
                "permissions": [
                    ("disclose_customer", "Can be shown personal data with a reason"),
                    ("merge_customer", "Can merge duplicate customers"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("shop", "external_id"),
                        name="customer_external_id_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="customer_not_merged_into_itself",
                    ),
                ],
                "indexes": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalCustomer",
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
                    "external_id",
                    models.CharField(blank=True, max_length=100, verbose_name="number in the shop"),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("standard", "Standard"),
                            ("silver", "Silver"),
                            ("gold", "Gold"),
                            ("vip", "VIP"),
                        ],
                        default="standard",
                        max_length=10,
                        verbose_name="tier",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")],
                        default="zh-hans",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=80, verbose_name="region")),
                (
                    "preferences",
                    models.CharField(blank=True, max_length=300, verbose_name="preferences"),
                ),
                (
                    "wants_surveys",
                    models.BooleanField(default=True, verbose_name="may be asked for a rating"),
                ),
                (
                    "last_surveyed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="last asked for a rating"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="known since")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "shop",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.shop",
                        verbose_name="shop",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="merged into",
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
                "verbose_name": "historical customer",
                "verbose_name_plural": "historical customers",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="customers_h_id_8787cc_idx"),
                    models.Index(fields=["change_id"], name="customers_h_change__d513ba_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalContactPoint",
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
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("wechat", "WeChat"),
                            ("platform", "Marketplace account"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("address", models.CharField(max_length=254, verbose_name="address")),
                ("is_verified", models.BooleanField(default=False, verbose_name="confirmed")),
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
                "verbose_name": "historical contact point",
                "verbose_name_plural": "historical contact points",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="customers_h_id_b5f148_idx"),
                    models.Index(fields=["change_id"], name="customers_h_change__38d1da_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="ContactPoint",
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
                        related_name="contact_points",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("wechat", "WeChat"),
                            ("platform", "Marketplace account"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("address", models.CharField(max_length=254, verbose_name="address")),
                ("is_verified", models.BooleanField(default=False, verbose_name="confirmed")),
            ],
            options={
                "verbose_name": "contact point",
                "verbose_name_plural": "contact points",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "address"), name="contact_point_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["email", "phone", "wechat", "platform"])
                        ),
                        name="contact_channel_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalOrder",
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
                ("external_id", models.CharField(max_length=64, verbose_name="order number")),
                (
                    "shop_status",
                    models.CharField(
                        choices=[
                            ("paid", "Paid"),
                            ("shipped", "Shipped"),
                            ("delivered", "Delivered"),
                            ("completed", "Completed"),
                            ("canceled", "Canceled"),
                        ],
                        default="paid",
                        max_length=10,
                        verbose_name="status in the shop",
                    ),
                ),
                ("placed_at", models.DateTimeField(verbose_name="placed at")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "total",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="total"),
                ),
                (
                    "shipping_fee",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="shipping"
                    ),
                ),
                (
                    "recipient",
                    models.CharField(blank=True, max_length=120, verbose_name="recipient"),
                ),
                (
                    "recipient_phone",
                    models.CharField(blank=True, max_length=32, verbose_name="recipient's phone"),
                ),
                (
                    "address",
                    models.CharField(blank=True, max_length=300, verbose_name="delivery address"),
                ),
                ("is_business", models.BooleanField(default=False, verbose_name="business buyer")),
                (
                    "payload_digest",
                    models.CharField(editable=False, max_length=64, verbose_name="digest"),
                ),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("updated_at", models.DateTimeField(verbose_name="last update")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "shop",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.shop",
                        verbose_name="shop",
                    ),
                ),
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
                "verbose_name": "historical order",
                "verbose_name_plural": "historical orders",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="customers_h_id_dfba0a_idx"),
                    models.Index(fields=["change_id"], name="customers_h_change__e94c3a_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="customers.shop",
                        verbose_name="shop",
                    ),
                ),
                ("external_id", models.CharField(max_length=64, verbose_name="order number")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "shop_status",
                    models.CharField(
                        choices=[
                            ("paid", "Paid"),
                            ("shipped", "Shipped"),
                            ("delivered", "Delivered"),
                            ("completed", "Completed"),
                            ("canceled", "Canceled"),
                        ],
                        default="paid",
                        max_length=10,
                        verbose_name="status in the shop",
                    ),
                ),
                ("placed_at", models.DateTimeField(verbose_name="placed at")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "total",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="total"),
                ),
                (
                    "shipping_fee",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="shipping"
                    ),
                ),
                (
                    "recipient",
                    models.CharField(blank=True, max_length=120, verbose_name="recipient"),
                ),
                (
                    "recipient_phone",
                    models.CharField(blank=True, max_length=32, verbose_name="recipient's phone"),
                ),
                (
                    "address",
                    models.CharField(blank=True, max_length=300, verbose_name="delivery address"),
                ),
                ("is_business", models.BooleanField(default=False, verbose_name="business buyer")),
                (
                    "payload_digest",
                    models.CharField(editable=False, max_length=64, verbose_name="digest"),
                ),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("updated_at", models.DateTimeField(verbose_name="last update")),
            ],
            options={
                "verbose_name": "order",
                "verbose_name_plural": "orders",
                "ordering": ("-placed_at", "-id"),
                "permissions": [
                    ("write_order", "Can push orders (service accounts)"),
                    ("import_order", "Can import orders from files"),
                ],
                "indexes": [
                    models.Index(fields=["external_id"], name="customers_o_externa_201638_idx"),
                    models.Index(
                        fields=["customer", "-placed_at"], name="customers_o_custome_c2ea37_idx"
                    ),
                    models.Index(
                        fields=["-placed_at", "-id"], name="customers_o_placed__94a026_idx"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "external_id"), name="order_identity"),
                    models.CheckConstraint(
                        condition=models.Q(("total__gte", 0)), name="order_total_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "shop_status__in",
                                ["paid", "shipped", "delivered", "completed", "canceled"],
                            )
                        ),
                        name="order_status_known",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalOrderLine",
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
                ("sku", models.CharField(max_length=64, verbose_name="SKU")),
                ("name", models.CharField(max_length=200, verbose_name="article")),
                ("category", models.CharField(blank=True, max_length=80, verbose_name="category")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "unit_price",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="unit price"),
                ),
                (
                    "paid_amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="paid"),
                ),
                (
                    "serial_number",
                    models.CharField(blank=True, max_length=64, verbose_name="serial number"),
                ),
                (
                    "traits",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="traits",
                    ),
                ),
                (
                    "is_marked_on_page",
                    models.BooleanField(default=False, verbose_name="exclusion marked on the page"),
                ),
                (
                    "is_confirmed_at_purchase",
                    models.BooleanField(
                        default=False, verbose_name="exclusion confirmed at purchase"
                    ),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.order",
                        verbose_name="order",
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
                "verbose_name": "historical order line",
                "verbose_name_plural": "historical order lines",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="customers_h_id_630259_idx"),
                    models.Index(fields=["change_id"], name="customers_h_change__d50fde_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="customers.order",
                        verbose_name="order",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("sku", models.CharField(max_length=64, verbose_name="SKU")),
                ("name", models.CharField(max_length=200, verbose_name="article")),
                ("category", models.CharField(blank=True, max_length=80, verbose_name="category")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "unit_price",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="unit price"),
                ),
                (
                    "paid_amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="paid"),
                ),
                (
                    "serial_number",
                    models.CharField(blank=True, max_length=64, verbose_name="serial number"),
                ),
                (
                    "traits",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="traits",
                    ),
                ),
                (
                    "is_marked_on_page",
                    models.BooleanField(default=False, verbose_name="exclusion marked on the page"),
                ),
                (
                    "is_confirmed_at_purchase",
                    models.BooleanField(
                        default=False, verbose_name="exclusion confirmed at purchase"
                    ),
                ),
            ],
            options={
                "verbose_name": "order line",
                "verbose_name_plural": "order lines",
                "ordering": ("order", "position"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("serial_number", ""), _negated=True),
                        fields=["serial_number"],
                        name="line_serial",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "position"), name="order_line_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)), name="order_line_quantity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("paid_amount__gte", 0), ("unit_price__gte", 0)),
                        name="order_line_amounts",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalPayment",
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
                ("external_id", models.CharField(max_length=64, verbose_name="payment number")),
                ("method", models.CharField(max_length=30, verbose_name="method")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "captured",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="captured"),
                ),
                (
                    "reserved",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="reserved"
                    ),
                ),
                (
                    "refunded",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="refunded"
                    ),
                ),
                ("paid_at", models.DateTimeField(verbose_name="paid at")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.order",
                        verbose_name="order",
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
                "verbose_name": "historical payment",
                "verbose_name_plural": "historical payments",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="customers_h_id_b9f6be_idx"),
                    models.Index(fields=["change_id"], name="customers_h_change__ed4863_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="customers.order",
                        verbose_name="order",
                    ),
                ),
                ("external_id", models.CharField(max_length=64, verbose_name="payment number")),
                ("method", models.CharField(max_length=30, verbose_name="method")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "captured",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="captured"),
                ),
                (
                    "reserved",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="reserved"
                    ),
                ),
                (
                    "refunded",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="refunded"
                    ),
                ),
                ("paid_at", models.DateTimeField(verbose_name="paid at")),
            ],
            options={
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
                "ordering": ("paid_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "external_id"), name="payment_identity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refunded__gte", 0),
                            ("reserved__gte", 0),
                            (
                                "captured__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("reserved"), "+", models.F("refunded")
                                ),
                            ),
                        ),
                        name="payment_never_overdrawn",
                    ),
                ],
                "indexes": [],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalShipment",
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
                ("carrier", models.CharField(max_length=40, verbose_name="carrier")),
                (
                    "tracking_number",
                    models.CharField(max_length=64, verbose_name="tracking number"),
                ),
                (
                    "shipped_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="shipped at"),
                ),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="delivered at"),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.order",
                        verbose_name="order",
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
                "verbose_name": "historical parcel",
                "verbose_name_plural": "historical parcels",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="customers_h_id_1ae75a_idx"),
                    models.Index(fields=["change_id"], name="customers_h_change__8ddd19_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Shipment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipments",
                        to="customers.order",
                        verbose_name="order",
                    ),
                ),
                ("carrier", models.CharField(max_length=40, verbose_name="carrier")),
                (
                    "tracking_number",
                    models.CharField(max_length=64, verbose_name="tracking number"),
                ),
                (
                    "shipped_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="shipped at"),
                ),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="delivered at"),
                ),
            ],
            options={
                "verbose_name": "parcel",
                "verbose_name_plural": "parcels",
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["tracking_number"], name="customers_s_trackin_897a21_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "tracking_number"), name="shipment_identity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delivered_at", None),
                            ("shipped_at", None),
                            ("delivered_at__gte", models.F("shipped_at")),
                            _connector="OR",
                        ),
                        name="shipment_delivered_after_shipped",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalShipmentEvent",
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
                ("happened_at", models.DateTimeField(verbose_name="at")),
                ("text", models.CharField(max_length=300, verbose_name="what happened")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="place")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "shipment",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.shipment",
                        verbose_name="parcel",
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
                "verbose_name": "historical parcel event",
                "verbose_name_plural": "historical parcel events",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="customers_h_id_fde05a_idx"),
                    models.Index(fields=["change_id"], name="customers_h_change__7b5972_idx"),
                ],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="ShipmentEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="customers.shipment",
                        verbose_name="parcel",
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="at")),
                ("text", models.CharField(max_length=300, verbose_name="what happened")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="place")),
            ],
            options={
                "verbose_name": "parcel event",
                "verbose_name_plural": "parcel events",
                "ordering": ("happened_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shipment", "happened_at", "text"), name="shipment_event_once"
                    )
                ],
                "indexes": [],
            },
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalshop",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="87ca6084b2f07a5f3090cdf87ba5c5d3aefb2608",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_12c42",
                    table="customers_historicalshop",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="shop",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="761262b0ab21490c9ad9db6079901071daf1bb1f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_f7fb2",
                    table="customers_shop",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="b8a357615f319c4b7056abf26de791ee41d11c64",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_d2745",
                    table="customers_customer",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalcustomer",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="a770495631193b25cce2ee6506b8ebbe1ccd37ca",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b037a",
                    table="customers_historicalcustomer",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalcontactpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="cafbf8902b46fef5559b61cc6777ffc08413b5e9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_16e57",
                    table="customers_historicalcontactpoint",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="contactpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="9f1f3c6d47c37b937406abb1160a510159ff770a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_7ff98",
                    table="customers_contactpoint",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalorder",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="5d8e7c593d6cf637371f3448e7d84ce7ea436090",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8970a",
                    table="customers_historicalorder",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="3ab7af9de53b690cc83940ca0f629a1074e0960f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_f0857",
                    table="customers_order",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalorderline",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="7a6d980057c1e7f96f462a9b7d12a1958547f225",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_955ec",
                    table="customers_historicalorderline",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="orderline",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="dc0ab0f37ca8720090c398f5178684b96a5b6258",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_8eff5",
                    table="customers_orderline",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalpayment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="040eedeb85b6cdb30b16d0a65aeee768fa170852",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d817a",
                    table="customers_historicalpayment",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="payment",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="eb1ea091671ffae36370ef153c2e8329dd4eee8f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_f216d",
                    table="customers_payment",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalshipment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="e2cd7f653b85aafee2f0a6cc31d290f0e3504062",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0ed9b",
                    table="customers_historicalshipment",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="shipment",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="bec16e5d7fa038c271b740c2d510e256e6c6a9a3",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_d4624",
                    table="customers_shipment",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalshipmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="23404a3357ed3e066f665bd7906dbbbebdb2ad01",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_fbe96",
                    table="customers_historicalshipmentevent",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="shipmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="f6dc43f27a069ec1d05bce9c9be39dd8abca06d5",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_b3ffb",
                    table="customers_shipmentevent",
                    when="AFTER",
                ),
            ),
        ),
    ]
