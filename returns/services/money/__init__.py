"""Verbs of money: ask, approve, send, settle, reconcile."""
