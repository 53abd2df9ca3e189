"""The customer's side: the status page behind a signed link and the public web form."""
