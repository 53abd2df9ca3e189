"""Findings are found by what their object is called, in either language."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Concat, Lower


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0005_event_on_behalf_of'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='finding',
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    Lower(Concat('subject_label', models.Value('\u2063'), 'case_label')),
                    models.Value('\u2063'),
                    function='string_to_array',
                    output_field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None,
                    ),
                ),
                fastupdate=False,
                name='finding_by_name',
            ),
        ),
    ]
