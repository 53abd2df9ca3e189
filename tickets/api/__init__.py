"""Cases over HTTP: every verb of the loop, and what there is to read."""
