"""Measuring the desk at a size others choke on; `manage.py bench` runs it."""
