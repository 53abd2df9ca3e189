"""``manage.py receive_mail [--json] < mail.eml``: the end of a mail server's pipe."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from aftersales.kernel.context import Source, entering
from aftersales.kernel.refs import for_reader
from staff.services import system_actor
from tickets.choices import Channel
from tickets.services.intake import Arrival, receive
from tickets.services.intake.mail import head_of


class Command(BaseCommand):
    """Exit code 0 means kept, whatever it became; anything else lets the mail server try again."""

    help = "Takes one raw mail on standard input and prints what became of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read()
        head = head_of(raw)
        with entering(Source.MAIL):
            receipt = receive(
                Arrival(
                    channel=Channel.MAIL,
                    raw=raw,
                    external_id=head.message_id,
                    sender=head.from_address,
                    subject=head.subject,
                ),
                actor=system_actor(),
            )
        number = receipt.ticket.number if receipt.ticket else ""
        if options["json"]:
            said = {
                "outcome": receipt.outcome.value,
                "ticket": number or None,
                "reason": for_reader(receipt.reason),
                "intake": receipt.intake.pk,
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            self.stdout.write(" ".join(part for part in (receipt.outcome.value, number) if part))
