"""Every write about goods and money."""
