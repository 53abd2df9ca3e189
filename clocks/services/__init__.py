"""Every write to rules and running promises. Import from here."""
