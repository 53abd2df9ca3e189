"""Reads that span tables: the queue, the homes, look-ups."""
