"""Every write about customers and orders; callers import the verbs from here."""

from customers.services.identity import (
    add_contact_point,
    identify_customer,
    merge_customers,
    opt_out_of_surveys,
    unmerge_customers,
)
from customers.services.imports import ImportReport, import_orders, preview_orders
from customers.services.orders import (
    BATCH_SIZE,
    Incoming,
    Received,
    Result,
    receive_order,
    receive_orders_batch,
)

__all__ = [
    "BATCH_SIZE",
    "ImportReport",
    "Incoming",
    "Received",
    "Result",
    "add_contact_point",
    "identify_customer",
    "import_orders",
    "merge_customers",
    "opt_out_of_surveys",
    "preview_orders",
    "receive_order",
    "receive_orders_batch",
    "unmerge_customers",
]
