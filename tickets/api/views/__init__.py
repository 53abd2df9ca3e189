"""One class per address; each verb validates, calls one service and renders."""
