"""The law of remains: a container is what was handed over; who is in it, only a laboratory may say, and it may err.

Containers are not bodies and bodies are not people: one day's 1,245 were the other side's 1,248, parts of one person
came in several bags and in several years, and a named coffin held somebody else (domain 2.7, 3.6, 3.7). Law of
remains:

1.  A container is handed over and counted as such, under an id that its giving side assigns: its letters and a
    number, like a line, never used before for a line or another container. The unit is the container, nothing else.
1a. Each party and the neutral record what they counted. The same container recorded by a second counter is one
    container, counted twice; who recorded what stays visible, so that two counts can be compared (F36). Nobody
    records one twice.
1b. One act names at most so many containers as were ever handed over in a day, ten times over (domain 10).
1c. Containers belong to a batch, or (0) to none: remains are often handed over apart from prisoners.
2.  A label is provisional identity, no more: the line of the person whose name it bears (F42). A line may be labelled
    only if it is known. A second counter that reads another label raises the alarm; the first reading stays.
3.  A laboratory result is recorded by the receiving side, never by the side that gave (GC I art. 16, 17; GC III art.
    120). Results are added, never replaced: the last one holds, all stay readable. Findings are:
3a. ``confirmed``: the person of the label, or of the line named where there is no label; another line than the
    label's is not "confirmed" but ``another_person``, who may be known by a line or by none.
3b. ``several_people``, which asks for a split, and ``not_human``: both name no line.
3c. Two containers found to be one person raise the alarm until they are joined; so does a person found in a container
    who counts as delivered alive (F43, F7). The law changes neither the lists nor the outcome: a person reported dead
    by a laboratory stays listable (H-ALIVE). A human being looks at it.
4.  A split names at least two parts with new ids. A join names at least two containers of one giving side, and a new
    id. What was split or joined stays in the record with a pointer to what became of it, and receives no further
    result.
4a. A part starts without label and finding. A joined container keeps what all its parts had alike.
5.  Results, splits and joins come late: years after closing they are entered in the residual ledger (F51; DESIGN
    7.10).
6.  Counting: containers handed over are those recorded at the point; bodies are what is left after splits and joins,
    without what was not human. Before the laboratory there is no number of bodies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from parley import acts
from parley.acts import DELIVERED, LABORATORY_FINDINGS, Act
from parley.process.lines import person_of
from parley.process.state import Container, State
from parley.words import LINE, LineId, Lines, ParticipantName, Refusal, refuse

MOST_AT_ONCE: Final = 20_000

# --- what others ask --------------------------------------------------------------------------------------------------


def containers(state: State, giving: ParticipantName, batch: int = 0, counter: str = "") -> Lines:
    """Return the containers one party handed over, in one batch or (0) in all, as recorded by one counter or by any."""
    return Lines.among(
        name
        for name, one in state.remains.items()
        if one.giving == giving and one.recorded_by and batch in (0, one.batch) and (counter in ("", *one.recorded_by))
    )


def bodies(state: State, giving: ParticipantName, batch: int = 0) -> Lines:
    """Return the containers that a laboratory found to be one person each, after splits and joins (6)."""
    return Lines.among(
        name
        for name, one in state.remains.items()
        if one.giving == giving
        and batch in (0, one.batch)
        and _whole(one)
        and one.finding in ("confirmed", "another_person")
    )


def count_differs(state: State, batch: int) -> Mapping[ParticipantName, Lines]:
    """Return, by counter, which containers of a batch others recorded and it did not; nobody who counted none."""
    recorded = {name: one for name, one in state.remains.items() if one.batch == batch and one.recorded_by}
    counted = {who for one in recorded.values() for who in one.recorded_by}
    lacking = {
        who: Lines.among(name for name, one in recorded.items() if who not in one.recorded_by)
        for who in sorted(counted)
    }
    return {who: names for who, names in lacking.items() if names.ranges}


def _whole(one: Container) -> bool:
    return not one.split_into.ranges and not one.joined_into


# --- recording --------------------------------------------------------------------------------------------------------


def judge_record_container(state: State, act: Act, deed: acts.RecordContainer) -> Refusal | None:
    """Judge points 1 to 2."""
    if deed.giving not in state.authority.parties:
        return refuse("remains.not_a_party", name=deed.giving[:40])
    if deed.batch != 0 and deed.batch not in state.batches.plans:
        return refuse("remains.no_such_batch", batch=deed.batch)
    if not deed.containers.ranges:
        return refuse("remains.none_named")
    if len(deed.containers) > MOST_AT_ONCE:
        return refuse("remains.too_many", most=MOST_AT_ONCE)
    for name in deed.containers:
        known = state.remains.get(name)
        refusal = _judge_new_id(state, name, deed.giving) if known is None else _judge_known(known, name, act, deed)
        if refusal is not None:
            return refusal
    here = set(deed.containers)
    for container in sorted(deed.labelled):
        if container not in here:
            return refuse("remains.label_without_container", container=container[:40])
        if deed.labelled[container] not in state.lists.lines:
            return refuse("remains.unknown_line", line=deed.labelled[container][:40])
    return None


def _judge_new_id(state: State, name: str, giving: ParticipantName) -> Refusal | None:
    """Refuse an id that is no id, does not begin with the giving side's letters, or was used before (1)."""
    found = LINE.match(name)
    if found is None or state.authority.owner(found[1]) != giving:
        return refuse("remains.wrong_letters", container=name[:40], party=giving)
    if name in state.remains or name in state.lists.lines:
        return refuse("remains.id_in_use", container=name)
    return None


def _judge_known(known: Container, name: str, act: Act, deed: acts.RecordContainer) -> Refusal | None:
    if act.party in known.recorded_by:
        return refuse("remains.recorded_already", container=name, counter=act.party)
    if (known.giving, known.batch) != (deed.giving, deed.batch) or known.made_from.ranges:
        return refuse("remains.id_in_use", container=name)
    return None


def apply_record_container(state: State, act: Act, deed: acts.RecordContainer) -> State:
    """Enter the containers as counted; another label than the first counter read alarms all (1a, 2)."""
    entered = dict(state.remains)
    disputed = 0
    for name in deed.containers:
        label = deed.labelled.get(name, "")
        one = entered.get(name, Container(giving=deed.giving, batch=deed.batch))
        disputed += bool(label and one.labelled and label != one.labelled)
        recorded_by = tuple(sorted((*one.recorded_by, act.party)))
        entered[name] = replace(one, recorded_by=recorded_by, labelled=one.labelled or label)
    after = replace(state, remains=entered)
    if not disputed:
        return after
    return after.alarm("remains.labels_differ", act.position, batch=deed.batch, count=disputed)


# --- laboratory -------------------------------------------------------------------------------------------------------


def _judge_receiver(state: State, act: Act, container: str) -> Refusal | None:
    """Refuse a container that nobody recorded, one no longer whole, and the word of the side that gave (3, 4)."""
    one = state.remains.get(LineId(container))
    if one is None:
        return refuse("remains.unknown_container", container=container[:40])
    if one.giving == act.party:
        return refuse("remains.giver_cannot_find", container=container)
    if not _whole(one):
        return refuse("remains.no_longer_whole", container=container)
    return None


def judge_record_laboratory_result(state: State, act: Act, deed: acts.RecordLaboratoryResult) -> Refusal | None:
    """Judge point 3."""
    if deed.finding not in LABORATORY_FINDINGS:
        return refuse("remains.unknown_word", word=deed.finding[:40], allowed=", ".join(LABORATORY_FINDINGS))
    refusal = _judge_receiver(state, act, deed.container)
    if refusal is not None:
        return refusal
    if deed.line and deed.line not in state.lists.lines:
        return refuse("remains.unknown_line", line=deed.line[:40])
    if deed.line and deed.finding in ("several_people", "not_human"):
        return refuse("remains.finding_names_nobody", finding=deed.finding)
    label = state.remains[LineId(deed.container)].labelled
    named = {person_of(state, line) for line in (label, deed.line) if line}
    if deed.finding == "confirmed" and len(named) != 1:
        if not named:
            return refuse("remains.nobody_to_confirm", container=deed.container)
        return refuse("remains.not_the_label", container=deed.container)
    if deed.finding == "another_person" and label and deed.line and len(named) == 1:
        return refuse("remains.same_as_label", container=deed.container)
    return None


def apply_record_laboratory_result(state: State, act: Act, deed: acts.RecordLaboratoryResult) -> State:
    """Add the result; what it contradicts elsewhere alarms all (3c)."""
    name = LineId(deed.container)
    one = state.remains[name]
    line = deed.line or (one.labelled if deed.finding == "confirmed" else "")
    person = person_of(state, line) if line else ""
    findings = (*one.findings, (act.party, deed.finding, person))
    found = replace(one, finding=deed.finding, person=person, findings=findings)
    after = replace(state, remains={**state.remains, name: found})
    if not person:
        return after
    alike = sum(1 for other in after.remains.values() if other.person == person and _whole(other))
    if alike > 1:
        after = after.alarm("remains.person_in_several", act.position, line=person, count=alike)
    outcome = state.handover.outcomes.get(LineId(person))
    if outcome is not None and outcome.code in DELIVERED:
        after = after.alarm("remains.delivered_alive", act.position, line=person, container=name)
    return after


def judge_split_container(state: State, act: Act, deed: acts.SplitContainer) -> Refusal | None:
    """Judge point 4 for one container that held several people."""
    refusal = _judge_receiver(state, act, deed.container)
    if refusal is not None:
        return refusal
    if len(deed.into) < 2:
        return refuse("remains.too_few", count=len(deed.into))
    if len(deed.into) > MOST_AT_ONCE:
        return refuse("remains.too_many", most=MOST_AT_ONCE)
    giving = state.remains[LineId(deed.container)].giving
    for name in deed.into:
        refusal = _judge_new_id(state, name, giving)
        if refusal is not None:
            return refusal
    return None


def apply_split_container(state: State, act: Act, deed: acts.SplitContainer) -> State:
    """Enter the parts, without label or finding; the container stays, and says what became of it (4a)."""
    _ = act
    name = LineId(deed.container)
    one = state.remains[name]
    parts = {part: Container(giving=one.giving, batch=one.batch, made_from=Lines.of(name)) for part in deed.into}
    return replace(state, remains={**state.remains, **parts, name: replace(one, split_into=deed.into)})


def judge_join_containers(state: State, act: Act, deed: acts.JoinContainers) -> Refusal | None:
    """Judge point 4 for several containers that hold one person."""
    if len(deed.containers) < 2:
        return refuse("remains.too_few", count=len(deed.containers))
    givers: set[ParticipantName] = set()
    for name in deed.containers:
        refusal = _judge_receiver(state, act, name)
        if refusal is not None:
            return refusal
        givers.add(state.remains[name].giving)
    if len(givers) > 1:
        return refuse("remains.different_givers")
    return _judge_new_id(state, deed.into, *givers)


def apply_join_containers(state: State, act: Act, deed: acts.JoinContainers) -> State:
    """Enter the joined container with what its parts had alike; they stay, and say what became of them (4a)."""
    _ = act
    whole = [state.remains[name] for name in deed.containers]
    first, into = whole[0], LineId(deed.into)
    made = Container(
        giving=first.giving,
        batch=first.batch if len({one.batch for one in whole}) == 1 else 0,
        labelled=first.labelled if len({one.labelled for one in whole}) == 1 else "",
        finding=first.finding if len({(one.finding, one.person) for one in whole}) == 1 else "",
        person=first.person if len({(one.finding, one.person) for one in whole}) == 1 else "",
        made_from=deed.containers,
    )
    joined = {name: replace(state.remains[name], joined_into=into) for name in deed.containers}
    return replace(state, remains={**state.remains, **joined, into: made})
