"""Makes what looking through the register page by page needs: two indexes, and the views that officers keep."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def sort_by_signs(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401 - Django's own
    """Let a server order folded texts by their signs, as a file does: one order for the pages, whatever the server speaks."""
    _ = apps
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE office_claim ALTER COLUMN folded TYPE text COLLATE "C"')


class Migration(migrations.Migration):
    """Indexes and views."""

    dependencies = (("parley_office", "0002_who_may_sign_in"),)

    operations = (
        migrations.RunPython(sort_by_signs, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="claimrow",
            index=models.Index(fields=["field", "folded", "person", "withdrawn_by"], name="office_claim_found"),
        ),
        migrations.RemoveIndex(model_name="claimrow", name="office_claim_folded"),
        migrations.AddIndex(
            model_name="claimrow",
            index=models.Index(condition=~models.Q(doubts=""), fields=["person"], name="office_claim_doubted"),
        ),
        migrations.CreateModel(
            name="ViewRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("asked", models.CharField(max_length=1000)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="parley_office.officerrow"
                    ),
                ),
            ],
            options={"db_table": "office_view"},
        ),
        migrations.AddConstraint(
            model_name="viewrow",
            constraint=models.UniqueConstraint(fields=("officer", "name"), name="office_view_once"),
        ),
    )
