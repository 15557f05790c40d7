"""A person as an office knows him or her: claims, each with its source, and what follows from them by a rule one can read.

A claim keeps what was written, a value where one can be given, who says so, when, on what evidence, how sure, until when it
holds, and whether it may be told to the neutral alone (GC IV art. 137). Claims that contradict each other all stay. Two things
are derived, and each says from which claims and by which rule.

*Which claims count.* Those not withdrawn and not expired on the day that is asked about. How sure a source is, is shown and
not weighed.

*Vital status.* (1) No claim counts: unknown. (2) Only claims of life: alive. (3) Claims of death, and every claim of life is
older than all of them: dead, (3a) ``dead_supported`` if at least two kinds of evidence say so and one is a certificate or a
laboratory, else (3b) ``dead_claimed`` (domain F43). (4) Any claim of life that is not older than every claim of death:
``disputed``, with an alarm (domain F7). No status takes anybody off any list.

*Custody.* (1) No claim counts: unknown. (2) All say the same: that. (3) The newest say the same and all others are older: that.
(4) Else ``disputed``. An undated claim is neither older nor newer than another.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NewType

from parley.registers.errors import RegisterBroken
from parley.registers.fields import CUSTODY, DATES, FIELDS, MINIMUM, NAMES, STATUS, VITAL
from parley.registers.partial_dates import Order, read_date
from parley.registers.scripts import script_of

PersonId = NewType("PersonId", int)
ClaimId = NewType("ClaimId", int)

SOURCES: Final = (
    "own_unit",
    "bureau",
    "capture_card",
    "neutral_visit",
    "returned_comrade",
    "family",
    "holder",
    "holder_video",
    "holder_list",
    "broadcast",
    "laboratory",
    "court",
    "registry",
    "open_tracing",
    "office",
)
"""Who can say something about a person (domain 5.5)."""
EVIDENCE: Final = (
    "none",
    "statement",
    "witness",
    "document",
    "list",
    "video",
    "visit",
    "certificate",
    "laboratory",
    "court",
)
CONFIDENCE: Final = ("certain", "likely", "possible", "doubtful")
ROLES: Final = ("", "documents", "stated", "former", "alias", "call_sign", "transcribed")
"""What a name form is to its bearer: as in documents, as stated, former, an alias, a call sign, somebody's transcription."""
MOST_WRITTEN: Final = 10_000
_CODE_WORDS: Final[Mapping[str, str]] = {
    word: code
    for code, words in {
        "held": "held captive captured prisoner полон утримується удерживается пленен полонений اسير محتجز",
        "hospital": "hospital лікарня госпіталь больница госпиталь مستشفى",
        "transferred": "transferred переведений переміщений переведен منقول",
        "returned": "returned exchanged repatriated повернутий повернувся обміняний возвращен вернулся обменян عاد مبادل",
        "released": "released звільнений освобожден افرج_عنه",
        "escaped": "escaped утік сбежал бежал هارب",
        "not_held": "not_held не_утримується не_удерживается غير_محتجز",
        "missing": "missing зниклий зник_безвісти пропал_без_вести مفقود",
        "alive": "alive живий жива жив حي",
        "dead": "dead died deceased загинув загиблий помер погиб умер мертв متوفى ميت",
        "pow": "pow військовополонений военнопленный اسير_حرب",
        "civilian": "civilian цивільний гражданский مدني",
    }.items()
    for word in words.split()
}
_ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "vital": {
        "yes": "alive",
        "no": "dead",
        "так": "alive",
        "ні": "dead",
        "да": "alive",
        "нет": "dead",
        "نعم": "alive",
        "لا": "dead",
    }
}


@dataclass(frozen=True, slots=True)
class Origin:
    """The cell from which a claim was taken: the file's name and digest, the sheet's number, row and column."""

    file: str = ""
    digest: str = ""
    sheet: int = 0
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        """Return it as people write it: ``list.xlsx 2!F17``."""
        return f"{self.file} {self.sheet}!{self.column}{self.row}" if self.row else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who says so: the kind of source, a name for it that is no person's, the day of what it says (EDTF or empty)."""

    kind: str
    name: str = ""
    dated: str = ""
    evidence: str = "none"
    confidence: str = "likely"
    expires: str = ""
    """The last day on which the claim counts, ``2025-12-31``, or empty."""
    intermediary_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A claim that is not kept yet."""

    field: str
    written: str
    source: Source
    value: str = ""
    """A date in EDTF, a code of the field, else what was written, composed and with single spaces; empty where unclear."""
    doubts: tuple[str, ...] = ()
    language: str = ""
    script: str = ""
    role: str = ""
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim that is kept: about whom, entered by which entry of the journal, and withdrawn by which (0: it stands)."""

    id: ClaimId
    person: PersonId
    said: Draft
    entry: int
    withdrawn_by: int = 0

    def counts_on(self, day: str) -> bool:
        """Whether the claim stands and has not expired on a day."""
        return not self.withdrawn_by and (not self.said.source.expires or day <= self.said.source.expires)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameForm:
    """One way in which a person's name is written."""

    field: str
    written: str
    script: str
    language: str
    role: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What follows from claims: the value, the rule by its code, the claims that counted, those passed over, an alarm."""

    value: str
    rule: str
    counted: tuple[ClaimId, ...] = ()
    expired: tuple[ClaimId, ...] = ()
    alarm: bool = False


def draft(
    field: str,
    written: str,
    source: Source,
    *,
    language: str = "",
    role: str = "",
    origin: Origin = Origin(),
    order: Order = "",
    not_after: str = "",
) -> Draft:
    """Make a claim of what was written; raises RegisterBroken ``register.claim_malformed``."""
    if field not in FIELDS:
        raise RegisterBroken("register.claim_malformed", detail=f"field {field[:40]}")
    if not written.strip() or len(written) > MOST_WRITTEN:
        raise RegisterBroken("register.claim_malformed", detail=f"the text of {field}")
    if role not in ROLES:
        raise RegisterBroken("register.claim_malformed", detail=f"role {role[:40]}")
    check_source(source)
    value, doubts = _value(field, written, order, not_after)
    script = script_of(written) if field in NAMES else ""
    return Draft(
        field=field,
        written=written,
        source=source,
        value=value,
        doubts=doubts,
        language=language,
        script=script,
        role=role,
        origin=origin,
    )


def check_source(source: Source) -> None:
    """Look at the parts of a source that are codes and days; raises RegisterBroken."""
    for name, value, known in (
        ("source", source.kind, SOURCES),
        ("evidence", source.evidence, EVIDENCE),
        ("confidence", source.confidence, CONFIDENCE),
    ):
        if value not in known:
            raise RegisterBroken("register.claim_malformed", detail=f"{name} {value[:40]}")
    if source.expires and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", source.expires) is None:
        raise RegisterBroken("register.claim_malformed", detail="the day of expiry")
    if source.dated and not span(source.dated):
        raise RegisterBroken("register.claim_malformed", detail="the day of the claim")


def _value(field: str, written: str, order: Order, not_after: str) -> tuple[str, tuple[str, ...]]:
    if field in DATES:
        found = read_date(written, order=order, not_after=not_after)
        return found.value, found.doubts
    plain = " ".join(unicodedata.normalize("NFC", written).split())
    codes = FIELDS[field].codes
    if not codes:
        return plain, ()
    folded = plain.lower().replace(" ", "_").replace("ё", "е").strip(".")
    code = folded if folded in codes else _CODE_WORDS.get(folded) or _ANSWERS.get(field, {}).get(folded, "")
    return (code, ()) if code in codes else ("", ("not_understood",))


# --- what claims say together ---


def standing(claims: Iterable[Claim], day: str) -> list[Claim]:
    """Return the claims that count on a day, in the order in which they were entered."""
    return [one for one in claims if one.counts_on(day)]


def values(claims: Iterable[Claim], field: str, day: str) -> tuple[str, ...]:
    """Return the different values that are claimed of a field on a day, as written where there is no value."""
    found = (one.said.value or one.said.written for one in standing(claims, day) if one.said.field == field)
    return tuple(dict.fromkeys(found))


def contradictions(claims: Sequence[Claim], day: str) -> Mapping[str, tuple[str, ...]]:
    """Return the fields of which more than one value is claimed; names in several scripts are forms, not contradictions."""
    found: dict[str, tuple[str, ...]] = {}
    for field in FIELDS:
        if field in {"custody", "vital"}:
            continue
        by_script: dict[str, dict[str, None]] = {}
        for one in standing(claims, day):
            if one.said.field == field and one.said.role in {"", "documents"}:
                by_script.setdefault(one.said.script, {})[one.said.value or one.said.written] = None
        several = tuple(value for some in by_script.values() if len(some) > 1 for value in some)
        if several:
            found[field] = several
    return found


def name_forms(claims: Iterable[Claim], day: str) -> tuple[NameForm, ...]:
    """Return every way in which the person's name is written."""
    return tuple(
        NameForm(
            field=one.said.field,
            written=one.said.written,
            script=one.said.script,
            language=one.said.language,
            role=one.said.role,
            source=one.said.source.kind,
        )
        for one in standing(claims, day)
        if one.said.field in NAMES
    )


def missing_minimum(fields: Iterable[str]) -> tuple[str, ...]:
    """Return what is missing of the identity of article 17; a full name counts as surname and given names."""
    here = set(fields)
    if "full_name" in here:
        here |= {"surname", "given_names"}
    if here & {"number", "personal_number"}:
        here |= {"number"}
    return tuple(name for name in MINIMUM if name not in here)


# --- derived ---


def vital_status(claims: Sequence[Claim], day: str) -> Status:
    """Return the vital status on a day by the rules at the top of this module."""
    counted, expired = _about(claims, "vital", VITAL, day)
    alive = [one for one in counted if one.said.value == "alive"]
    dead = [one for one in counted if one.said.value == "dead"]
    ids = tuple(one.id for one in counted)
    if not counted:
        return Status(value="unknown", rule="status.no_claim", expired=expired)
    if not dead:
        return Status(value="alive", rule="status.all_agree", counted=ids, expired=expired)
    if not all(is_older(one, other) for one in alive for other in dead):
        return Status(value="disputed", rule="status.alive_after_death", counted=ids, expired=expired, alarm=True)
    kinds = {one.said.source.evidence for one in dead} - {"none"}
    if len(kinds) >= 2 and kinds & {"certificate", "laboratory"}:
        return Status(value="dead_supported", rule="status.death_two_kinds", counted=ids, expired=expired)
    return Status(value="dead_claimed", rule="status.death_one_source", counted=ids, expired=expired)


def custody_status(claims: Sequence[Claim], day: str) -> Status:
    """Return the custody status on a day by the rules at the top of this module."""
    return _newest(claims, "custody", CUSTODY, day)


def legal_status(claims: Sequence[Claim], day: str) -> Mapping[str, tuple[str, ...]]:
    """Return each legal status that is claimed with the kinds of source that claim it: it is never said without them."""
    found: dict[str, dict[str, None]] = {}
    for one in standing(claims, day):
        if one.said.field == "status" and one.said.value in STATUS:
            found.setdefault(one.said.value, {})[one.said.source.kind] = None
    return {value: tuple(sources) for value, sources in found.items()}


def _newest(claims: Sequence[Claim], field: str, codes: Sequence[str], day: str) -> Status:
    counted, expired = _about(claims, field, codes, day)
    ids = tuple(one.id for one in counted)
    if not counted:
        return Status(value="unknown", rule="status.no_claim", expired=expired)
    if len({one.said.value for one in counted}) == 1:
        return Status(value=counted[0].said.value, rule="status.all_agree", counted=ids, expired=expired)
    newest = [one for one in counted if not any(is_older(one, other) for other in counted)]
    others = [one for one in counted if one not in newest]
    if len({one.said.value for one in newest}) == 1 and all(is_older(one, other) for one in others for other in newest):
        return Status(value=newest[0].said.value, rule="status.newest", counted=ids, expired=expired)
    return Status(value="disputed", rule="status.cannot_order", counted=ids, expired=expired)


def _about(
    claims: Sequence[Claim], field: str, codes: Sequence[str], day: str
) -> tuple[list[Claim], tuple[ClaimId, ...]]:
    """Return the claims of a field that count, and the ids of those that have expired."""
    here = [one for one in claims if one.said.field == field and one.said.value in codes and not one.withdrawn_by]
    return [one for one in here if one.counts_on(day)], tuple(one.id for one in here if not one.counts_on(day))


def is_older(one: Claim, other: Claim) -> bool:
    """Whether every day that one claim may be of lies before every day of the other; never where one is undated."""
    first, second = span(one.said.source.dated), span(other.said.source.dated)
    return bool(first and second) and first[1] < second[0]


def span(dated: str) -> tuple[str, ...]:
    """Return the first and last day that an EDTF day, month or year covers; empty for anything else."""
    plain = dated.rstrip("?~%")
    found = re.fullmatch(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?", plain)
    if found is None:
        return ()
    year, month, day = found[1], found[2], found[3]
    if int(year) == 0:
        return ()
    if day:
        return (plain, plain) if 1 <= int(day) <= monthrange(int(year), int(month))[1] else ()
    if month:
        return f"{plain}-01", f"{plain}-{monthrange(int(year), int(month))[1]:02d}"
    return f"{plain}-01-01", f"{plain}-12-31"


def withdrawn(claim: Claim, entry: int) -> Claim:
    """Return a claim as withdrawn by an entry of the journal."""
    return replace(claim, withdrawn_by=entry)
