"""A case as far as its batches, made by hand, and random acts of what comes after: road, point, remains, standing."""

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from functools import cache
from hashlib import sha256
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from parley import acts
from parley.acts import Act, BatchPlan, Deed, Sealed
from parley.clauses import FixedNumbers
from parley.process import handover, movement
from parley.process.state import Batches, DateProposal, FinalList, Line, Lists, ListVersion, State, Terms, TermsVersion
from parley.scenario.tables import LawTable, Settings, choose_signers
from parley.words import ActId, Day, Digest, LineId, Lines, Moment, ParticipantName

NORTH, SOUTH, NEUTRAL = (ParticipantName(name) for name in ("north", "south", "neutral"))
EVERYBODY: Final = (NORTH, SOUTH, NEUTRAL)
PER_BATCH: Final = 12
NOW: Final = Moment("2025-05-23T08:00:00Z")
LATER: Final = Moment("2025-05-23T18:00:00Z")
OPEN_KINDS: Final = tuple(
    deed for deed in acts.DEEDS
    if deed.kind in {
        "notify_route", "acknowledge_route", "guarantee_safety", "declare_silence_window", "issue_manifest", "embark",
        "print_manifests",
        "depart", "report_incident", "arrive", "hand_in_book", "agree_group", "close_batch", "confirm_identity",
        "hand_over_effects", "record_container", "record_laboratory_result", "split_container", "join_containers",
        "suspend", "resume", "abort_batch", "abort_exchange", "set_condition", "lift_condition", "erase",
        "confirm_erasure", "close",
    }
)  # fmt: skip


def name_of(*parts: object) -> ActId:
    return ActId(sha256("/".join(str(part) for part in parts).encode()).hexdigest())


@cache
def planned() -> State:
    """Return a case with 24 people a side in two agreed batches on an agreed date, and nothing moved yet."""
    table = LawTable(Settings(start=NOW))
    terms_id = name_of("terms")
    says = acts.ProposeTerms(
        clauses=(FixedNumbers(clause="c1", gives={NORTH: 24, SOUTH: 24}),),
        unit="person", count_point="handed_over", languages=("en",), prevailing="en",
    )  # fmt: skip
    version = TermsVersion(id=terms_id, proposed_by=NORTH, says=says, position=0, agreed_by=(NORTH, SOUTH), agreed=True)
    window = acts.ProposeDateAndPlace(batch=0, opens=NOW, closes=LATER, place="the bridge", answer_by=NOW)
    date = DateProposal(id=name_of("date"), proposed_by=NORTH, says=window, touched=0, accepted_by=(NORTH, SOUTH))
    lists = Lists(
        versions={name_of(one): _version(one, other) for one, other in ((NORTH, SOUTH), (SOUTH, NORTH))},
        lines={line: _line(one, other) for one, other in ((NORTH, SOUTH), (SOUTH, NORTH)) for line in people(one)},
        finals={
            f"{one}/{other}": FinalList(giving=one, receiving=other, frozen=people(one))
            for one, other in ((NORTH, SOUTH), (SOUTH, NORTH))
        },
    )
    plans = {number: BatchPlan(number, {party: people(party, number) for party in (NORTH, SOUTH)}) for number in (1, 2)}
    return replace(
        table.state,
        terms=Terms(versions={terms_id: version}, in_force=terms_id, dates={date.id: date}),
        lists=lists,
        batches=Batches(plans=plans),
    )


def people(party: ParticipantName, batch: int = 0) -> Lines:
    letter = party[0].upper()
    first, last = {0: (1, 2 * PER_BATCH), 1: (1, PER_BATCH), 2: (PER_BATCH + 1, 2 * PER_BATCH)}[batch]
    return Lines.of(f"{letter}{first}-{letter}{last}")


def _version(author: ParticipantName, counterpart: ParticipantName) -> ListVersion:
    return ListVersion(
        id=name_of(author), author=author, counterpart=counterpart, purpose="offer", version=1, lines=people(author),
        commit=Digest("c" * 64), blob=Digest("b" * 64), position=0, handed_in=NOW,
    )  # fmt: skip


def _line(author: ParticipantName, counterpart: ParticipantName) -> Line:
    return Line(
        author=author, purpose="offer", holder=author, receiver=counterpart, category="soldiers", list=name_of(author)
    )


def said(state: State, who: ParticipantName, deed: Deed, *, sealed: bool = False) -> Act:
    """Return an act of this participant's officers at the end of the log."""
    mandate, signers = choose_signers(state.authority, who, deed, None)
    fresh = name_of(state.count)
    room = "neutral/papers" if isinstance(deed, acts.Embark) else "south/papers"
    return Act(
        id=name_of("act", state.count, who, deed.kind), position=state.count, party=who,
        seq=state.count, mandate=mandate, signers=frozenset(signers), deed=deed,
        sealed=(Sealed(Digest(fresh), Digest(fresh[::-1]), 16384, (room,)),) if sealed else (),
    )  # fmt: skip


# --- any deed, sensible or not ---

WORDS: Final = st.sampled_from(
    [
        *acts.OUTCOME_CODES, *acts.MEANS, *acts.ROUTE_ASKS, *acts.INCIDENTS[:3], *acts.DIFFERENCE_CAUSES[:2],
        *acts.EFFECTS, *acts.LABORATORY_FINDINGS, "security", "incident", *acts.LIFTINGS, *acts.ERASURE_GROUNDS[:2],
        "bus-1", "north", "south", "neutral", "nobody", "", "N1", "S13", "N901", "N902", "S901", "X1", "n1", "stay", "🦉",
        "a/b",
    ]
)  # fmt: skip
RANGES: Final = st.sampled_from(
    ["N1", "N1-N12", "N2-N3", "N13", "S1", "S1-S12", "S13-S24", "N901", "N902-N903", "S901", "S902", "X1", "N24-N30"]
)
ANY_LINES: Final = st.lists(RANGES, max_size=3).map(lambda ranges: Lines.of(*ranges))
TIMES: Final = st.sampled_from([NOW, LATER, Moment("2025-05-22T00:00:00Z"), Moment("9999-12-31T23:59:59Z")])
DAYS: Final = st.sampled_from([Day("2025-05-22"), Day("2025-05-23"), Day("2026-01-01")])
NUMBERS: Final = st.sampled_from([-1, 0, 1, 1, 1, 2, 3, 12, 2**53 - 1])


def any_deed(
    state: State,
    kinds: Sequence[type[Deed]] = OPEN_KINDS,
    more_ids: Sequence[ActId] = (),
    more_words: Sequence[str] = (),
) -> st.SearchStrategy[Deed]:
    """Return deeds of these kinds whose fields have the right types and nothing else in order."""
    known = [
        *state.movement.routes, *state.standing.suspensions, *state.standing.erasures, *state.lists.versions,
        name_of("nothing"), *more_ids,
    ]  # fmt: skip
    ids = st.sampled_from(known)
    words = WORDS | st.sampled_from(more_words) if more_words else WORDS
    return st.sampled_from(kinds).flatmap(lambda kind: _values(kind, ids, words))


def _values(kind: type, ids: st.SearchStrategy[ActId], words: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(
        kind,
        **{
            one.name: _of(hints[one.name], ids, words)
            if one.default is MISSING
            else st.just(one.default) | _of(hints[one.name], ids, words)
            for one in fields(kind)
        },
    )


def _of(
    hint: Any,
    ids: st.SearchStrategy[ActId],
    words: st.SearchStrategy[str],
) -> st.SearchStrategy[Any]:
    simple: dict[Any, st.SearchStrategy[Any]] = {
        bool: st.booleans(), int: NUMBERS, str: words, Lines: ANY_LINES, Moment: TIMES, Day: DAYS, ActId: ids,
        Digest: st.sampled_from(["", "d" * 64]), ParticipantName: st.sampled_from([*EVERYBODY, "nobody"]),
    }  # fmt: skip
    if hint in simple:
        return simple[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return st.none() | _of(next(one for one in inner if one is not type(None)), ids, words)
    if origin is tuple:
        return st.lists(_of(inner[0], ids, words), max_size=2).map(tuple)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(_of(inner[0], ids, words), _of(inner[1], ids, words), max_size=3)
    assert is_dataclass(hint), hint
    return _values(hint, ids, words)  # type: ignore[arg-type]


# --- sensible next steps ---


@st.composite
def next_step(draw: st.DrawFn, state: State) -> tuple[ParticipantName, Deed]:
    """Draw what somebody might well do now in one of the batches: forward mostly, sometimes a mishap."""
    batch = draw(st.sampled_from([1, 1, 2]))
    who = draw(st.sampled_from([NORTH, SOUTH]))
    if draw(st.integers(0, 79)) == 79:
        return draw(_mishap(state, batch))
    one = movement.convoy(state, batch, who)
    route = movement.route_of(state, batch, who)
    if route is None:
        return who, acts.NotifyRoute(batch=batch, means="road", vehicles=2, abort_at=LATER)
    waiting = movement.unacknowledged(state, route)
    if waiting:
        return waiting[0], acts.AcknowledgeRoute(notice=route.id)
    vehicles = movement.vehicles(state, batch, who)
    if not vehicles:
        return who, acts.IssueManifest(batch=batch, vehicle="bus-1", lines=people(who, batch))
    if vehicles[0].boarded is None:
        return who, draw(_boarding(who, batch))
    if one.departed is None:
        return who, acts.Depart(batch=batch, count=len(vehicles[0].boarded))
    if one.arrived is None:
        return who, acts.Arrive(batch=batch, count=one.departed)
    return draw(_at_the_point(state, batch))


@st.composite
def _boarding(draw: st.DrawFn, who: ParticipantName, batch: int) -> acts.Embark:
    everybody = list(people(who, batch))
    missing = draw(st.integers(0, 2))
    codes = {"NOT_PRESENTED": Lines.among(everybody[:missing])} if missing else {}
    return acts.Embark(batch=batch, vehicle="bus-1", boarded=Lines.among(everybody[missing:]), missing=codes)


@st.composite
def _at_the_point(draw: st.DrawFn, state: State, batch: int) -> tuple[ParticipantName, Deed]:
    party = draw(st.sampled_from([NORTH, SOUTH]))
    if draw(st.booleans()) and not handover.closed(state, batch):
        size = draw(st.integers(1, PER_BATCH))
        givers = draw(st.sampled_from([(NORTH, SOUTH), (NORTH, SOUTH), (NORTH,), (SOUTH,)]))
        over = handover.crossed(state, batch)
        lines = [
            line
            for giving in givers
            for line in [one for one in movement.boarded(state, batch, giving) if one not in over][:size]
        ]
        return party, acts.AgreeGroup(batch=batch, group=draw(st.integers(1, 3)), lines=Lines.among(lines))
    lacking = [name for name in EVERYBODY if name not in handover.books_of(state, batch)]
    if lacking:
        return lacking[0], draw(book(batch))
    if handover.closed(state, batch):
        return party, acts.ConfirmIdentity(confirmed=people(SOUTH if party == NORTH else NORTH, batch))
    return draw(st.sampled_from(EVERYBODY)), draw(closing(state, batch))


@st.composite
def book(draw: st.DrawFn, batch: int) -> acts.HandInBook:
    """Draw a counter's book: mostly everybody received, now and then something else or nothing for somebody."""
    written: dict[str, list[LineId]] = {}
    for party in (NORTH, SOUTH):
        for line in people(party, batch):
            code = draw(st.sampled_from(["RECEIVED"] * 30 + ["DEFERRED", "DECLINED_AT_POINT", ""]))
            if code:
                written.setdefault(code, []).append(line)
    outcomes = {code: Lines.among(lines) for code, lines in written.items()}
    return acts.HandInBook(
        batch=batch, book=Digest(name_of(batch, sorted(map(str, outcomes.items())))), outcomes=outcomes
    )


@st.composite
def closing(draw: st.DrawFn, state: State, batch: int) -> acts.CloseBatch:
    """Draw a closing that names what the books differ on, with one outcome or another."""
    differing = handover.comparison(state, batch).differing
    outcome = draw(st.sampled_from(["NOT_PRESENTED"] * 9 + ["RECEIVED", "DECLINED_AT_POINT"]))
    seen = {line for line in differing if "DECLINED_AT_POINT" in differing[line].get(NEUTRAL, ())}
    named = [
        acts.Difference(Lines.among(lines), code, "unexplained")
        for lines, code in ((differing.keys() - seen, outcome), (seen, "DECLINED_AT_POINT"))
        if lines
    ]
    return acts.CloseBatch(batch=batch, differences=tuple(named))


@st.composite
def _mishap(draw: st.DrawFn, state: State, batch: int) -> tuple[ParticipantName, Deed]:
    who = draw(st.sampled_from(EVERYBODY))
    lost = draw(st.sampled_from([Lines(), Lines.of("N1")]))
    return who, draw(
        st.sampled_from(
            [
                acts.Suspend(reason="security", until=LATER),
                acts.Resume(suspension=next(iter(state.standing.suspensions), name_of("nothing"))),
                acts.AbortBatch(batch=batch, reason="security"),
                acts.AbortExchange(reason="breach_of_terms"),
                acts.ReportIncident(batch=batch, incident="crash", lost=lost),
                acts.Close(residual_until=Day("2026-01-01")),
            ]
        )
    )
