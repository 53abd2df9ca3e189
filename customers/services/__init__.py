"""Every write about customers and orders; callers import the verbs from here."""

from customers.services.identity import (
    add_contact_point,
    identify_customer,
    merge_customers,
    opt_out_of_surveys,
    unmerge_customers,
)

__all__ = [
    "add_contact_point",
    "identify_customer",
    "merge_customers",
    "opt_out_of_surveys",
    "unmerge_customers",
]
