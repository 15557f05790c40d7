"""Where an exchange office keeps its register: claims about people, the journal of every change, and what people judged.

``open_office`` is the one way in. Behind it stand Django's models on SQLite, or PostgreSQL by address; in front of it nobody
needs to know that.
"""

from parley.store.office.base import CODES, Dossier, Entry, Judged, Office, OfficeBroken, Query, Review
from parley.store.office.opening import open_desk_data, open_office, prepare_django

__all__ = [
    "CODES",
    "Dossier",
    "Entry",
    "Judged",
    "Office",
    "OfficeBroken",
    "Query",
    "Review",
    "open_desk_data",
    "open_office",
    "prepare_django",
]
