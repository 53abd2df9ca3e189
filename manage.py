#!/usr/bin/env python
"""Command line of the desk."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("DESK_DEMO", "1")
    from django.core.management import (  # noqa: PLC0415 -- the settings module must be named first
        execute_from_command_line,
    )

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
