"""The trail over HTTP, for auditors; and creations that happen once."""
