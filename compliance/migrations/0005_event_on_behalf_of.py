"""Events are found by whom they were done for, too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0004_journal_width'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(condition=models.Q(('on_behalf_of_id__isnull', False)), fields=['on_behalf_of_id', '-id'], name='event_on_behalf_of'),
        ),
    ]
