"""Goods on the customer's status page."""
