"""The views every desk starts with. Names are data in two languages, like those people add."""

from django.db import migrations
from django.utils import timezone

from aftersales.kernel.context import current
from aftersales.kernel.journal import signed_in_bulk

REASON = "Views every desk starts with"
WORKERS = ["agent", "lead"]
VIEWS = (
    ("mine", "My cases", "我的工单", WORKERS, {"assignee": "me", "status": "unfinished"}),
    (
        "unassigned",
        "Unassigned in my department",
        "本部门待分配",
        WORKERS,
        {"department": "mine", "assignee": "none", "status": "unfinished"},
    ),
    ("due", "Due next", "即将到期", [], {"status": "unfinished", "sort": "due"}),
    ("late", "Late", "已超时", [], {"status": "unfinished", "late": "1"}),
    ("waiting", "Waiting", "等待中", [], {"status": "waiting"}),
    ("open", "All unfinished", "全部未完结", [], {"status": "unfinished", "sort": "activity"}),
    ("resolved", "Resolved", "已解决", [], {"status": "resolved"}),
    ("all", "All", "全部", [], {"status": "any"}),
)


def add(apps, schema_editor):
    view_model = apps.get_model("tickets", "SavedView")
    history_model = apps.get_model("tickets", "HistoricalSavedView")
    with signed_in_bulk(REASON):
        for place, (code, name, name_zh, roles, params) in enumerate(VIEWS, start=1):
            values = {
                "code": code,
                "name": name,
                "name_zh": name_zh,
                "roles": roles,
                "params": params,
                "position": place * 10,
            }
            view = view_model.objects.create(**values)
            history_model.objects.create(
                id=view.pk,
                visibility=view.visibility,
                is_active=view.is_active,
                history_date=timezone.now(),
                history_type="+",
                history_change_reason=REASON,
                actor_name=current().actor_name,
                source="shell",
                **values,
            )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_number_sequence")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
