"""«Due next» shows what is due within a day, no longer everything in order. A view that somebody
changed stays as it is."""

from django.db import migrations
from django.utils import timezone

from aftersales.kernel.context import current
from aftersales.kernel.journal import signed_in_bulk

REASON = "Due next: within 24 hours"
BEFORE = {"status": "unfinished", "sort": "due"}
AFTER = {"status": "unfinished", "soon": "1", "sort": "due"}
KEPT = ("id", "code", "name", "name_zh", "roles", "position", "visibility", "is_active")


def narrow(apps, schema_editor):
    view_model = apps.get_model("tickets", "SavedView")
    history_model = apps.get_model("tickets", "HistoricalSavedView")
    with signed_in_bulk(REASON):
        for view in view_model.objects.filter(code="due", owner=None, params=BEFORE):
            view.params = AFTER
            view.save(update_fields=["params"])
            history_model.objects.create(
                params=AFTER,
                history_date=timezone.now(),
                history_type="~",
                history_change_reason=REASON,
                actor_name=current().actor_name,
                source="shell",
                **{name: getattr(view, name) for name in KEPT},
            )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_relaying_words")]

    operations = [migrations.RunPython(narrow, migrations.RunPython.noop)]
