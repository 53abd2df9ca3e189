"""Settings of the test run: fast hasher, files in a scratch folder, mails kept in memory."""

import os
import tempfile

from aftersales import database

database.is_perishable = True

from aftersales.settings import *  # noqa: E402, F403 -- starts the server

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = tempfile.mkdtemp(prefix=f"desk-files-{os.getpid()}-")
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
# Every test client would list all static files.
WHITENOISE_AUTOREFRESH = True
# Rules change in the test's own process; looking for others' changes would blur query counts.
CLOCK_RULES_SECONDS = 3600
AXES_ENABLED = False
CHAT_LOOPBACK = True
SECRET_KEY = "tests-only"

# A test run need not survive a power cut, and every order of joins is good for a few rows:
# searching for the best one is a third of PostgreSQL's work here.
DATABASES["default"]["OPTIONS"]["options"] += (  # noqa: F405
    " -c synchronous_commit=off -c join_collapse_limit=1"
)

# Tests read the words of the source, whether or not the Chinese is compiled.
LANGUAGE_CODE = "en"
