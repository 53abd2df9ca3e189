"""Customers and orders over HTTP."""
