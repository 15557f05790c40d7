"""Takes an index away that misled databases: nearly every claim stands, so that it stands finds nobody."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One index fewer."""

    dependencies = (("parley_office", "0003_looking_through"),)

    operations = (
        migrations.AlterField(
            model_name="claimrow",
            name="withdrawn_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parley_office.journalentry",
            ),
        ),
    )
