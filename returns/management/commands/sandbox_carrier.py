"""Play the sandbox carrier: send a signed notification about a parcel to a running desk."""

from __future__ import annotations

import json
import uuid
from argparse import ArgumentParser
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.core.management.base import BaseCommand, CommandError

from aftersales.kernel.clock import now
from returns.carriers.sandbox import SIGNATURE, TIME, sign
from returns.statuses import ParcelStatus

SECONDS = 10


class Command(BaseCommand):
    """`manage.py sandbox_carrier SBX… in_transit --place Hangzhou`."""

    help = "Sends what a carrier would tell about a parcel, signed, to the desk's address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tracking_number")
        parser.add_argument("code", choices=ParcelStatus.values)
        parser.add_argument("--place", default="")
        parser.add_argument("--url", default="http://127.0.0.1:8000")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["url"].startswith(("http://", "https://")):
            raise CommandError("The address must begin with http:// or https://")
        stamp = str(int(now().timestamp()))
        told = {
            "event_id": uuid.uuid4().hex,
            "tracking_number": options["tracking_number"],
            "code": options["code"],
            "happened_at": now().isoformat(),
            "place": options["place"],
        }
        body = json.dumps(told).encode()
        headers = {TIME: stamp, SIGNATURE: sign(body, stamp), "Content-Type": "application/json"}
        address = f"{options['url'].rstrip('/')}/api/v1/carriers/sandbox/notify/"
        try:
            with urlopen(Request(address, body, headers), timeout=SECONDS):  # noqa: S310 -- http only, above
                self.stdout.write("told")
        except (HTTPError, URLError) as problem:
            raise CommandError(f"not taken: {problem}") from None
