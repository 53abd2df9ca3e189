"""Settings of a real worker that serves the test's database, with short intervals."""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403

DATABASES["default"]["NAME"] = os.environ["DESK_TEST_DATABASE"]  # noqa: F405
INSTALLED_APPS = [*INSTALLED_APPS, "tests.concurrency.apps.CountingConfig"]  # noqa: F405
EMAIL_BACKEND = "tests.concurrency.slow_mail.SlowBackend"
MAIL_FOLDER = Path(os.environ["DESK_TEST_MAILS"])
Q_CLUSTER = {**Q_CLUSTER, "poll": 0.1}  # noqa: F405
CANARY_SECONDS = 1
CANARY_SILENCE_SECONDS = 6
