"""Legs, templates, responsibilities and examples for programs."""
