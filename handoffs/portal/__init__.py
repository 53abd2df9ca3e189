"""The page on which a supplier or carrier answers, without an account."""
