"""Makes the tables of the desk's pages: officers, invitations, sign-ins, passkeys, who looked at what."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Who may sign in."""

    dependencies = (("parley_office", "0001_the_first_tables"),)

    operations = (
        migrations.CreateModel(
            name="OfficerRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True)),
                ("roles", models.CharField(max_length=300)),
                ("key", models.CharField(blank=True, default="", max_length=60)),
                ("password", models.CharField(blank=True, default="", max_length=200)),
                ("seed", models.CharField(blank=True, default="", max_length=64)),
                ("code_used", models.BigIntegerField(default=0)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("blocked_until", models.BigIntegerField(default=0)),
                ("active", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "office_officer",
            },
        ),
        migrations.CreateModel(
            name="AccessRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField()),
                ("who", models.CharField(max_length=60)),
                ("what", models.CharField(max_length=200)),
                ("status", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "office_access",
                "indexes": [models.Index(fields=["who"], name="office_access_who")],
            },
        ),
        migrations.CreateModel(
            name="InvitationRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("until", models.BigIntegerField()),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="parley_office.officerrow"
                    ),
                ),
            ],
            options={
                "db_table": "office_invitation",
            },
        ),
        migrations.CreateModel(
            name="PasskeyRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credential", models.CharField(max_length=2048, unique=True)),
                ("public_key", models.TextField()),
                ("uses", models.BigIntegerField(default=0)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkeys",
                        to="parley_office.officerrow",
                    ),
                ),
            ],
            options={
                "db_table": "office_passkey",
            },
        ),
        migrations.CreateModel(
            name="SignInRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("began", models.BigIntegerField()),
                ("seen", models.BigIntegerField()),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="parley_office.officerrow"
                    ),
                ),
            ],
            options={
                "db_table": "office_sign_in",
            },
        ),
    )
