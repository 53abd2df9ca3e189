"""Compensation and damages name the grant or the sheet they rest on, in the database as well.

Not validated: rows from before the rule stay readable; whatever is written from now on keeps it.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("returns", "0008_basis_kept")]
    operations = [
        AddConstraintNotValid(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=Q(kind="purchase")
                | Q(
                    kind="compensation",
                    basis_type="returns.compensationgrant",
                    basis_key__isnull=False,
                )
                | Q(
                    kind="statutory_damages",
                    basis_type="returns.reimbursement",
                    basis_key__isnull=False,
                )
                | Q(status__in=["canceled", "declined"]),
                name="refund_has_basis",
            ),
        ),
    ]
