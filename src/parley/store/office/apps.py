"""Tells Django that an office's data are one of its parts, and under which name."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The office's data."""

    name = "parley.store.office"
    label = "parley_office"
    default_auto_field = "django.db.models.BigAutoField"
