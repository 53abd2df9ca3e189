#!/usr/bin/env python
"""Command line of the desk."""

import gc
import os
import sys


def main() -> None:
    # What is read at the start stays; looking for garbage in it took a sixth of the time.
    gc.set_threshold(50_000)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("DESK_DEMO", "1")
    from django.core.management import (  # noqa: PLC0415 -- the settings module must be named first
        execute_from_command_line,
    )

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
