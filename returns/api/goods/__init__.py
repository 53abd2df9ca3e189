"""Goods coming back over the API."""
