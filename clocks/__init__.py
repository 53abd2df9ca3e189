"""Promises of time: calendars, rules, running clocks, escalation."""
