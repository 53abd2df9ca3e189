"""WSGI entry point."""

import gc
import os

from django.apps import apps
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from django.utils import translation

from aftersales import checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")


def load_everything() -> None:
    """Read addresses, views and catalogs before the web server forks its workers.

    With ``--preload`` the workers share what is read here. It lives as long as the process, so the
    collector is told to leave it alone: looking through it took a tenth of a request, and of the
    start. It is not asked to clear up before: workers would fill the holes, and each such page is
    then copied.
    """
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            reverse("admin:index")  # imports every view and notes every name
            translation.gettext("Yes")
    for model in apps.get_models():
        model._meta.get_fields()
    gc.freeze()
    gc.enable()


gc.disable()
application = get_wsgi_application()
checks.refuse_unsafe_settings()
load_everything()
