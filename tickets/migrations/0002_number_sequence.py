"""The series behind T-000123."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE desk_ticket_number", "DROP SEQUENCE desk_ticket_number"),
    ]
