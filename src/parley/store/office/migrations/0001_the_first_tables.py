"""Makes the first tables: people, claims, sources, files, the journal, judgements, withdrawals."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The first tables."""

    initial = True
    dependencies = ()
    operations = (
        migrations.CreateModel(
            name="SourceNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=300)),
                ("dated", models.CharField(max_length=40)),
                ("evidence", models.CharField(max_length=40)),
                ("confidence", models.CharField(max_length=20)),
                ("expires", models.CharField(max_length=10)),
                ("intermediary_only", models.BooleanField()),
            ],
            options={
                "db_table": "office_source",
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=200)),
                ("who", models.CharField(max_length=200)),
                ("at", models.CharField(max_length=20)),
                ("people", models.PositiveIntegerField(default=0)),
                ("claims", models.PositiveIntegerField(default=0)),
                (
                    "undoes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parley_office.journalentry",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parley_office.journalentry",
                    ),
                ),
            ],
            options={
                "db_table": "office_journal",
            },
        ),
        migrations.CreateModel(
            name="PersonRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parley_office.journalentry"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parley_office.journalentry",
                    ),
                ),
            ],
            options={
                "db_table": "office_person",
            },
        ),
        migrations.CreateModel(
            name="SourceFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=300)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "office_file",
                "constraints": [models.UniqueConstraint(fields=("name", "digest"), name="office_file_once")],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("row", models.BigIntegerField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parley_office.journalentry"
                    ),
                ),
            ],
            options={
                "db_table": "office_withdrawal",
            },
        ),
        migrations.CreateModel(
            name="JudgedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("id_a", models.CharField(max_length=200)),
                ("id_b", models.CharField(max_length=200)),
                ("verdict", models.CharField(max_length=20)),
                ("reviewer", models.CharField(max_length=200)),
                ("at", models.CharField(max_length=20)),
                ("blind", models.BooleanField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parley_office.journalentry"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parley_office.journalentry",
                    ),
                ),
            ],
            options={
                "db_table": "office_judged",
                "indexes": [models.Index(fields=["id_a", "id_b"], name="office_judged_pair")],
            },
        ),
        migrations.CreateModel(
            name="ClaimRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40)),
                ("written", models.TextField()),
                ("value", models.TextField()),
                ("folded", models.TextField()),
                ("doubts", models.CharField(max_length=300)),
                ("language", models.CharField(max_length=10)),
                ("script", models.CharField(max_length=20)),
                ("role", models.CharField(max_length=20)),
                ("sheet", models.PositiveIntegerField()),
                ("row", models.PositiveIntegerField()),
                ("column", models.CharField(max_length=3)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parley_office.journalentry"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parley_office.journalentry",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="parley_office.personrow"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parley_office.sourcefile",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parley_office.sourcenote",
                    ),
                ),
            ],
            options={
                "db_table": "office_claim",
                "indexes": [models.Index(fields=["field", "folded"], name="office_claim_folded")],
            },
        ),
    )
