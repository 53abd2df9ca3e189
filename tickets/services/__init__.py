"""Every write to a case, one verb per function. Import from here."""
