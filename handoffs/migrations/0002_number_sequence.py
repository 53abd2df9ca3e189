"""The series behind H-000123."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE desk_handoff_number", "DROP SEQUENCE desk_handoff_number"
        ),
    ]
