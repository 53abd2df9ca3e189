"""The columns of an order file, by our names and by those Chinese shop systems export."""

from __future__ import annotations

from aftersales.kernel.localized import localized

# Our name → other headings the same column goes by.
COLUMNS: dict[str, tuple[str, ...]] = {
    "order_number": ("订单号", "订单编号", "order_no", "order"),
    "status": ("订单状态", "状态"),
    "placed_at": ("下单时间", "订单创建时间"),
    "currency": ("币种", "货币"),
    "total": ("订单金额", "实付总额"),
    "shipping_fee": ("运费",),
    "customer_number": ("会员号", "客户编号"),
    "customer_name": ("买家姓名", "客户姓名"),
    "email": ("邮箱", "电子邮箱"),
    "phone": ("手机", "手机号", "联系电话"),
    "region": ("地区",),
    "recipient": ("收货人", "收件人"),
    "recipient_phone": ("收货人手机", "收件人手机"),
    "address": ("收货地址",),
    "sku": ("商品编码", "货号"),
    "article": ("商品名称", "商品标题"),
    "category": ("类目", "商品类目"),
    "quantity": ("数量", "购买数量"),
    "unit_price": ("单价",),
    "paid_amount": ("实付金额", "分摊金额"),
    "serial_number": ("序列号",),
    "payment_number": ("支付单号", "交易号"),
    "payment_method": ("支付方式",),
    "captured": ("支付金额",),
    "paid_at": ("支付时间", "付款时间"),
    "carrier": ("快递公司", "物流公司"),
    "tracking_number": ("运单号", "快递单号"),
    "shipped_at": ("发货时间",),
    "delivered_at": ("签收时间",),
    "source_updated_at": ("更新时间", "修改时间", "订单更新时间", "最后修改时间", "updated_at"),
}
REQUIRED = (
    "order_number",
    "placed_at",
    "currency",
    "total",
    "sku",
    "article",
    "unit_price",
    "paid_amount",
)
# Our word for a status or a currency → how Chinese shop systems and our own pages say it.
STATUSES: dict[str, tuple[str, ...]] = {
    "paid": ("已付款", "已支付", "待发货", "等待出库", "买家已付款，等待卖家发货"),
    "shipped": ("已发货", "待收货", "等待确认收货", "卖家已发货，等待买家确认"),
    "delivered": ("已签收", "已收货"),
    "completed": ("已完成", "完成", "交易成功"),
    "canceled": ("已取消", "交易关闭", "已关闭", "cancelled"),
}
CURRENCIES: dict[str, tuple[str, ...]] = {"CNY": ("rmb", "人民币", "¥", "￥")}
# What the desk itself adds to refused rows; such a file may come back as it is.
REASON = "reason"
REASON_ZH = "拒绝原因"

_NAMES = {heading: name for name, others in COLUMNS.items() for heading in (name, *others)}


def in_our_words(text: str, words: dict[str, tuple[str, ...]]) -> str:
    """What a cell says, in our own word where it is a known one for it."""
    key = text.strip().lower().replace(",", "，")
    return next((own for own, others in words.items() if key in others), text)


def column_of(heading: str) -> str:
    """Our name for a heading, empty for an unknown one."""
    key = heading.strip().lower().replace(" ", "_")
    return REASON if key in (REASON, REASON_ZH) else _NAMES.get(key, "")


def heading_of(name: str) -> str:
    """A heading that column may have, in the reader's language: for what a file lacks."""
    return localized(name, COLUMNS[name][0])
