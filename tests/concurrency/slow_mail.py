"""A mail server that takes as long as the test wants, so that a worker can be killed meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

from django.core.mail import EmailMessage

from aftersales.demo.mailbox import FolderBackend, mail_folder


class SlowBackend(FolderBackend):
    """While a file ``hold`` lies in the folder, says who is sending and does not finish."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = mail_folder()
        (folder / f"busy.{os.getpid()}").touch()
        while (folder / "hold").exists():
            time.sleep(0.05)
        return super().send_messages(email_messages)
