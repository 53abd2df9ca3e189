"""Verbs of goods and money."""
