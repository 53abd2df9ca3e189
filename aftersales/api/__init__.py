"""The API as a whole: addresses, the one error format, who may come in. Apps bring the views."""
