"""What tests of pages and lines start from: offices made for the command line's tests."""

from tests.cli.conftest import empowered, founded, office

__all__ = ["empowered", "founded", "office"]
