"""Goods and money over the API."""
