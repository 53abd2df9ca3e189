"""The desk's pages about customers, orders and shops; importing a module registers its pages."""

from customers.admin import customers, orders, shops

__all__ = ["customers", "orders", "shops"]
