"""The API as a whole: its addresses, its one error format, who may come in. Apps bring their views."""
