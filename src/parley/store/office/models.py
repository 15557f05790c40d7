"""The tables of an office's data, as Django keeps them. Nobody outside this room sees these."""

from __future__ import annotations

from django.db import models

PROTECT = models.PROTECT


class JournalEntry(models.Model):
    """One change, whole."""

    what = models.CharField(max_length=200)
    who = models.CharField(max_length=200)
    at = models.CharField(max_length=20)
    people = models.PositiveIntegerField(default=0)
    claims = models.PositiveIntegerField(default=0)
    undoes = models.ForeignKey("self", PROTECT, null=True, related_name="+")
    undone_by = models.ForeignKey("self", PROTECT, null=True, related_name="+")

    class Meta:
        """Named for whoever looks into the database by hand."""

        db_table = "office_journal"


class SourceFile(models.Model):
    """A file from which claims were taken: its name and digest, never its bytes."""

    name = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)

    class Meta:
        """One row for a file, however often it is imported."""

        db_table = "office_file"
        constraints = (models.UniqueConstraint(fields=("name", "digest"), name="office_file_once"),)


class SourceNote(models.Model):
    """Who says something, when, on what evidence: shared by all claims of one import."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    dated = models.CharField(max_length=40)
    evidence = models.CharField(max_length=40)
    confidence = models.CharField(max_length=20)
    expires = models.CharField(max_length=10)
    intermediary_only = models.BooleanField()

    class Meta:
        """Sources are shared by value."""

        db_table = "office_source"


class PersonRow(models.Model):
    """A person: only an id and when it came in."""

    entry = models.ForeignKey(JournalEntry, PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(JournalEntry, PROTECT, null=True, related_name="+")

    class Meta:
        """Plain name."""

        db_table = "office_person"


class ClaimRow(models.Model):
    """One claim about one person."""

    person = models.ForeignKey(PersonRow, PROTECT, related_name="claims")
    field = models.CharField(max_length=40)
    written = models.TextField()
    value = models.TextField()
    folded = models.TextField()
    doubts = models.CharField(max_length=300)
    language = models.CharField(max_length=10)
    script = models.CharField(max_length=20)
    role = models.CharField(max_length=20)
    source = models.ForeignKey(SourceNote, PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(SourceFile, PROTECT, null=True, related_name="+", db_index=False)
    sheet = models.PositiveIntegerField()
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=3)
    entry = models.ForeignKey(JournalEntry, PROTECT, related_name="+")
    # No index of its own: nearly every claim stands, and a database would take "stands" for the best way to find it.
    withdrawn_by = models.ForeignKey(JournalEntry, PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        """Plain name; names are looked for by their folded text."""

        db_table = "office_claim"
        indexes = (
            models.Index(fields=("field", "folded", "person", "withdrawn_by"), name="office_claim_found"),
            models.Index(fields=("person",), condition=~models.Q(doubts=""), name="office_claim_doubted"),
        )


class JudgedRow(models.Model):
    """What one reviewer decided about one pair."""

    id_a = models.CharField(max_length=200)
    id_b = models.CharField(max_length=200)
    verdict = models.CharField(max_length=20)
    reviewer = models.CharField(max_length=200)
    at = models.CharField(max_length=20)
    blind = models.BooleanField()
    entry = models.ForeignKey(JournalEntry, PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(JournalEntry, PROTECT, null=True, related_name="+")

    class Meta:
        """A pair is looked up by both ids."""

        db_table = "office_judged"
        indexes = (models.Index(fields=("id_a", "id_b"), name="office_judged_pair"),)


class Withdrawal(models.Model):
    """Which entry withdrew what, so that undoing an undoing knows what to withdraw again."""

    entry = models.ForeignKey(JournalEntry, PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    row = models.BigIntegerField()

    class Meta:
        """Plain name."""

        db_table = "office_withdrawal"


class OfficerRow(models.Model):
    """Somebody who may sign in at the desk's pages."""

    name = models.CharField(max_length=60, unique=True)
    roles = models.CharField(max_length=300)
    key = models.CharField(max_length=60, blank=True, default="")
    password = models.CharField(max_length=200, blank=True, default="")
    seed = models.CharField(max_length=64, blank=True, default="")
    code_used = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    blocked_until = models.BigIntegerField(default=0)
    active = models.BooleanField(default=False)

    class Meta:
        """Plain name."""

        db_table = "office_officer"


class InvitationRow(models.Model):
    """An invitation to choose a password, by the digest of its token."""

    officer = models.ForeignKey(OfficerRow, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    until = models.BigIntegerField()

    class Meta:
        """Plain name."""

        db_table = "office_invitation"


class SignInRow(models.Model):
    """A sign-in that has not ended, by the digest of its token."""

    officer = models.ForeignKey(OfficerRow, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    began = models.BigIntegerField()
    seen = models.BigIntegerField()

    class Meta:
        """Plain name."""

        db_table = "office_sign_in"


class PasskeyRow(models.Model):
    """The public half of a passkey."""

    officer = models.ForeignKey(OfficerRow, models.CASCADE, related_name="passkeys")
    credential = models.CharField(max_length=2048, unique=True)
    public_key = models.TextField()
    uses = models.BigIntegerField(default=0)

    class Meta:
        """Plain name."""

        db_table = "office_passkey"


class AccessRow(models.Model):
    """One page that somebody asked for. Never changed, never deleted by the program."""

    at = models.BigIntegerField()
    who = models.CharField(max_length=60)
    what = models.CharField(max_length=200)
    status = models.PositiveIntegerField()

    class Meta:
        """Looked through by who."""

        db_table = "office_access"
        indexes = (models.Index(fields=("who",), name="office_access_who"),)


class ViewRow(models.Model):
    """A view of the register that an officer keeps: its name, and what it asks, as it stands behind an address."""

    officer = models.ForeignKey(OfficerRow, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    asked = models.CharField(max_length=1000)

    class Meta:
        """Each officer has a name once."""

        db_table = "office_view"
        constraints = (models.UniqueConstraint(fields=("officer", "name"), name="office_view_once"),)
