from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0003_saved_views"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicaloutboundmail",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("reply", "Reply"),
                    ("acknowledgement", "Acknowledgement"),
                    ("proposal", "Proposal"),
                    ("result", "Result"),
                    ("survey", "Survey"),
                    ("closing", "Closing notice"),
                    ("outsider", "Question to an outsider"),
                ],
                max_length=20,
                verbose_name="purpose",
            ),
        ),
        migrations.AlterField(
            model_name="outboundmail",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("reply", "Reply"),
                    ("acknowledgement", "Acknowledgement"),
                    ("proposal", "Proposal"),
                    ("result", "Result"),
                    ("survey", "Survey"),
                    ("closing", "Closing notice"),
                    ("outsider", "Question to an outsider"),
                ],
                max_length=20,
                verbose_name="purpose",
            ),
        ),
    ]
