"""The demo command with stand-ins for web server and worker. Usage: fake_demo.py PORT."""

import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from aftersales import database
from aftersales.demo.supervisor import Program
from aftersales.management.commands.demo import Command

FAKE_PROGRAM = str(Path(__file__).with_name("fake_program.py"))


class FakeDemo(Command):
    def prepare(self, cases: int) -> None:
        database.database_config()

    def programs(self, port: int) -> list[Program]:
        marker = str(database.data_dir())
        fake = (sys.executable, FAKE_PROGRAM, marker)
        return [
            Program("web", (*fake, str(port)), stop_seconds=2),
            Program("worker", (*fake, "0"), stop_seconds=2),
        ]

    def print_welcome(self, port: int) -> None:
        self.say("READY")


if __name__ == "__main__":
    settings.configure()
    django.setup()
    call_command(FakeDemo(), port=int(sys.argv[1]))
