"""Goods and money: eligibility, returns, what is owed, refunds and their approval."""
