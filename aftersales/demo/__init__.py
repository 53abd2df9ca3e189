"""Invented shops, people and stories for the demo and the bench; no database, no Django."""
