"""Whole exchanges from one seed: whoever lies, signs twice or vanishes, whatever the links do, one record comes of it.

The story is told by ordinary sentences, from the talks to the closing of the case, at real desks. In between, parties sign what
the law refuses, sign two acts with one number from a copy of their desk, lose power, and stay away for a while; bundles are lost,
given twice, given late, given to the wrong desk, cut off and damaged. Then the links heal, forks are shown and settled, and all
desks must hold one log, one state and the same voids; nothing that a desk ever held may be missing, and every author's act is
in the log or kept as evidence of a fork. When a test fails it prints the seed, which plays alike again but for the salts.
"""

import random
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import pytest

from parley.acts import ChooseBranch, Deed, RaiseItem, ReportFork
from parley.desk import FORKED, Desk, DeskBroken, Keys
from parley.desk.folder import ROOMS
from parley.desk.ledger import reload
from parley.desk.sealing import may_open
from parley.desk.table import Seat, post
from parley.process.digest import fingerprint
from parley.record.envelope import SignedAct, read_act
from parley.record.errors import RecordBroken
from parley.record.seal import generate_identity
from parley.scenario.grammar import Paper, Sentence, choose, resolve
from parley.scenario.macros import Given
from parley.scenario.papers import usual_papers
from parley.scenario.script import Said, read_sentence
from parley.scenario.tables import DeskTable, PracticeDesk, Settings, seat_keys
from parley.scenario.verbs import VERBS
from parley.store import open_store
from parley.words import ActId, Broken, ParticipantName, Refusal
from tests.simulation.table import Table, copy_of, terms

QUICK = range(12)
MANY = range(12, 512)
LATE_IS_NORMAL = frozenset({"desk.bundle_ahead", "desk.chain_gap", "desk.no_checkpoint"})
"""What a desk may say to a bundle that is whole, and old, early or meant for another."""
TURNED_AWAY = frozenset({"desk.chain_fork", "desk.chain_gap"})
"""Why the neutral may turn an act of a whole bundle away: it is on a branch that lost, or follows one that is."""
STORY = (
    'neutral opens a session at "the bridge house", host "the host", form direct, press closed',
    'north raises prisoners: "exchange of prisoners"',
    "north states on prisoners: offers",
    "south answers on prisoners: agree",
    "neutral closes the session",
    "given batches {n} for {n} in 2 batches",
    "given families of batch 1",
    "given families of batch 2",
    "neutral proposes the joint record",
    "north, south and neutral sign the joint record",
    "north, south and neutral close the case with the residual ledger open until 2026-12-31",
)
LIES = (
    "north agrees to the terms",
    "south hands in an offer list for north: S1-S2",
    "north hands in the book for batch 1: RECEIVED S1",
    "south departs for batch 2",
    "north closes batch 1",
    "neutral proposes the joint record: north 1 as unexplained",
    "neutral closes batch 2",
    "south signs the joint record",
)
"""What somebody signs out of turn; each is refused at nearly every place of the story, and is void there."""


class RoughTable(DeskTable):
    """Real desks whose bundles go astray; until ``rough`` is set the links are good."""

    def __init__(self, settings: Settings, dice: random.Random) -> None:
        self.dice = dice
        self.rough = False
        self.away: dict[str, int] = {}
        self.under_way: list[Letter] = []
        self.old: list[Letter] = []
        self.lost_branches: list[SignedAct] = []
        self.trouble: list[str] = []
        super().__init__(settings)

    def _seat(self, seat: Seat) -> PracticeDesk:
        keys = Keys(signers=dict(seat_keys(seat.name)))
        keys.identities = {f"{seat.name}/{room}": [generate_identity(randomness=self.dice.randbytes)] for room in ROOMS}
        return self._desk(seat.name, keys, None)

    def _desk(self, name: str, keys: Keys, before: Desk | None) -> PracticeDesk:
        store = open_store("memory:", name) if before is None else before.store
        return PracticeDesk(store, name, keys, now=lambda: self.clock, randomness=self.dice.randbytes)

    @property
    def neutral(self) -> PracticeDesk:
        return self.desks[self._neutral]

    @property
    def parties(self) -> list[PracticeDesk]:
        return [desk for name, desk in self.desks.items() if name != self._neutral]

    # --- who does what ---

    def do(
        self,
        who: ParticipantName,
        deed: Deed,
        *,
        signers: Sequence[str] | None = None,
        anyway: bool = False,
        sealed: Sequence[Paper] = (),
    ) -> Refusal | None:
        if self.away.get(who):
            return Refusal("practice.away", {})
        try:
            return super().do(who, deed, signers=signers, anyway=anyway, sealed=sealed)
        except DeskBroken as broken:
            if broken.code not in {"desk.forked", "desk.blob_missing"}:
                raise
            return Refusal(broken.code, broken.facts)

    def sign_twice(self, name: str) -> None:
        """Sign two acts with one number: at the desk, and at a copy of it."""
        desk = self.desks[name]
        if desk.waiting or self.away.get(name):
            return
        copy = copy_of(desk)
        desk.kind = ""
        try:
            for number, one in enumerate((desk, copy)):
                assert not isinstance(one.sign(RaiseItem(item=f"twice-{number}", title="?"), anyway=True), Refusal)
        except DeskBroken as broken:
            if broken.code != "desk.forked":
                raise
            return
        self.trouble.append(f"{name} signs twice")
        self.lost_branches += copy.waiting
        letters = [Letter(self._neutral, one.bundle(self._neutral)) for one in (desk, copy)]
        self.dice.shuffle(letters)
        for letter in letters:
            self._hand_over(letter)

    def lose_power(self, name: str) -> None:
        """Begin anew from what the store of a desk keeps."""
        before = self.desks[name]
        self.desks[name] = self._desk(name, before.keys, before)
        assert self.desks[name].size == before.size
        assert [one.id for one in self.desks[name].waiting] == [one.id for one in before.waiting]

    # --- links ---

    def _post(self) -> None:
        if not self.rough:
            super()._post()
            return
        for name in [name for name, left in self.away.items() if left]:
            self.away[name] -= 1
        for _ in range(self.dice.choice((1, 1, 2))):
            self.carry()

    def carry(self) -> None:
        """Let everybody who is there write once, the neutral too, and let chance decide what arrives."""
        here = [desk for desk in self.parties if not self.away.get(desk.name)]
        self.dice.shuffle(here)
        for desk in here:
            self._send(Letter(self._neutral, desk.bundle(self._neutral)))
        for desk in here:
            since = self.dice.choice((desk.size, desk.size, desk.size, max(0, desk.size - 3), 0, desk.size + 2))
            self._send(Letter(desk.name, self.neutral.bundle(desk.name, since=since, again=self.dice.random() < 0.2)))
        self.dice.shuffle(self.under_way)
        late, self.under_way = self.under_way[:2], self.under_way[2:]
        for letter in late:
            self._hand_over(letter)
        if self.old and self.dice.random() < 0.2:
            again = self.dice.choice(self.old)
            self._hand_over(Letter(self.dice.choice([again.to, *self.desks]), again.data))

    def _send(self, letter: "Letter") -> None:
        self.old.append(letter)
        chance = self.dice.random()
        if chance < 0.12:
            self.trouble.append("lost")
        elif chance < 0.24:
            self.under_way.append(letter)
        elif chance < 0.30:
            self._hand_over(Letter(letter.to, self._damaged(letter.data), whole=False))
        elif chance < 0.36:
            self._hand_over(letter)
            self._hand_over(letter)
        else:
            self._hand_over(letter)

    def _damaged(self, data: bytes) -> bytes:
        place = self.dice.randrange(len(data))
        if self.dice.random() < 0.5:
            return data[:place]
        return data[:place] + bytes([data[place] ^ (1 << self.dice.randrange(8))]) + data[place + 1 :]

    def _hand_over(self, letter: "Letter") -> None:
        """Give a bundle to a desk: what it held stays, and what it cannot take leaves no trace in the log."""
        desk = self.desks[letter.to]
        if self.away.get(letter.to):
            self.under_way.append(letter)
            return
        size, root, acts = desk.size, desk.ledger.tree.root(), len(list(desk.store.acts()))
        try:
            received = desk.receive(letter.data)
        except Broken as broken:
            if (letter.whole and broken.code not in LATE_IS_NORMAL) or not isinstance(
                broken, DeskBroken | RecordBroken
            ):
                raise
            assert (desk.size, desk.ledger.tree.root()) == (size, root)
            assert len(list(desk.store.acts())) == acts
            self.trouble.append(broken.code)
        else:
            assert not received.states_differ
            assert not letter.whole or {one.code for one in received.turned_away} <= TURNED_AWAY
            assert desk.ledger.tree.root(size) == root
            self.trouble += [one.code for one in received.turned_away]

    # --- afterwards ---

    def somebody_is_forked(self) -> bool:
        return any(FORKED in desk.store.facts() for desk in self.parties) or bool(self.neutral.state.authority.forks)

    def heal(self) -> None:
        """Bring everybody back, mend the links, show every fork and let the roots choose, until nothing waits."""
        self.away.clear()
        self.rough = False
        for letter in self.under_way:
            self._hand_over(letter)
        self._carry_all()
        for name in [desk.name for desk in self.parties]:
            self._show_fork(name)
        for desk in self.parties:
            if desk.name in self.neutral.state.authority.forks:
                desk.kind = ""
                chosen = desk.sign(ChooseBranch(head=desk.state.authority.heads[desk.name].id))
                assert not isinstance(chosen, Refusal), chosen
        self._carry_all()

    def _carry_all(self) -> None:
        post(self.desks)
        for desk in self.parties:
            desk.receive(self.neutral.bundle(desk.name, again=True))
        post(self.desks)

    def _show_fork(self, name: str) -> None:
        """Have the neutral show the first act of a participant whose number another act has in the log."""
        logged = {(act.envelope.party, act.envelope.seq): act for act in map(read_act, self.neutral.store.acts())}
        for desk in self.desks.values():
            for note in desk.store.facts("evidence/").values():
                if not note.startswith(b"exchange.act/1\n"):
                    continue
                lost = read_act(note)
                twin = logged.get((lost.envelope.party, lost.envelope.seq))
                if lost.envelope.party != name or twin is None or twin.id == lost.id:
                    continue
                proof = ReportFork(
                    participant=ParticipantName(name),
                    notes=tuple(b64encode(one).decode() for one in (twin.note, lost.note)),
                )
                self.neutral.kind = ""
                if not isinstance(self.neutral.sign(proof), Refusal):
                    post(self.desks)
                    return


@dataclass(frozen=True, slots=True)
class Letter:
    """A bundle on its way to a desk; ``whole`` unless the link damaged it."""

    to: str
    data: bytes
    whole: bool = True


@dataclass
class Exchange:
    """One whole exchange, from one seed."""

    seed: int
    dice: random.Random = field(init=False)
    table: RoughTable = field(init=False)
    labels: dict[str, ActId] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.table = RoughTable(Settings(), self.dice)

    def sentences(self) -> Iterator[Said]:
        """Yield the story; what ``given`` stands for is written out when the story has come there."""
        given, people = Given(self.table.settings), self.dice.choice((2, 3, 5))
        for line in STORY:
            text = line.format(n=people)
            whole = [text]
            if text.startswith("given "):
                whole = list(given.expand(text.removeprefix("given "), self.table.state.authority.clock))
            for one in whole:
                yield read_sentence(one, self.table.settings, 1)

    def play(self) -> None:
        self.table.rough = True
        for said in self.sentences():
            self.trouble()
            who = said.who or (ParticipantName("neutral"),)
            for one in who:
                for attempt in range(8):  # officers try again while messages are late
                    if self.say(said, one) is None:
                        break
                    if attempt == 5 and self.table.somebody_is_forked():
                        self.table.heal()  # nothing goes on while a chain is forked, so the fork is settled first
                        self.table.rough = True
                    self.table._post()
        self.table.heal()

    def trouble(self) -> None:
        """Let somebody lie, sign twice, lose power or vanish, now and then."""
        name = self.dice.choice(list(self.table.desks))
        party = self.dice.choice(["north", "south"])
        chance = self.dice.random()
        if chance < 0.12:
            said = read_sentence(self.dice.choice(LIES), self.table.settings, 1)
            self.say(said, said.who[0], anyway=True)
        elif chance < 0.135:
            self.table.sign_twice(party)
        elif chance < 0.20:
            self.table.lose_power(name)
        elif chance < 0.25:
            self.table.away[party] = self.dice.randrange(1, 9)
            self.table.trouble.append(f"{party} vanishes")

    def say(self, said: Said, who: ParticipantName, *, anyway: bool = False) -> Refusal | None:
        """Do what a sentence says, as far as its author can understand it now."""
        what = f"enters the time {said.what.removeprefix('clock ')}" if said.what.startswith("clock ") else said.what
        state = self.table.state
        try:
            verb, found = choose(VERBS, Sentence.of(what))
            words = resolve(found, self.labels)
            deed = verb.make(words, state, who)
            sealed = usual_papers(deed, state, who) if verb.sealed is None else verb.sealed(words, state, who)
        except (Broken, KeyError, IndexError, StopIteration, ValueError) as missing:
            return Refusal("practice.nothing_meant", {"text": str(missing)[:60]})
        return self.table.do(who, deed, anyway=anyway, sealed=list(sealed))

    # --- what must hold in the end ---

    def check(self) -> None:
        desks = list(self.table.desks.values())
        neutral = self.table.neutral
        for desk in desks:
            assert not desk.waiting
            assert desk.size == neutral.size == desk.three_signed
            assert desk.ledger.tree.root() == neutral.ledger.tree.root()
            assert desk.ledger.fingerprint() == neutral.ledger.fingerprint()
            assert dict(desk.state.void) == dict(neutral.state.void)
            again = reload(desk.store.acts())
            assert (again.tree.root(), fingerprint(again.state).digest) == (
                desk.ledger.tree.root(),
                desk.ledger.fingerprint(),
            )
            self.check_files(desk)
            assert not desk.state.authority.forks
            assert FORKED not in desk.store.facts()
        kept = {read_act(note).id for desk in desks for note in desk.store.facts("evidence/").values() if is_act(note)}
        for signed in self.table.lost_branches:
            assert signed.id in kept | {str(one) for one in neutral.ledger.positions}

    def check_files(self, desk: Desk) -> None:
        """Every sealed file that a desk may have by now is there and opens to what its act committed to."""
        for position, note in enumerate(desk.store.acts()):
            signed = read_act(note)
            for number, sealed in enumerate(signed.envelope.sealed):
                mine = any(room.startswith(f"{desk.name}/") for room in sealed.to)
                if mine and may_open(desk.state, position, desk.three_signed):
                    assert desk.open(signed.id, number)


def is_act(note: bytes) -> bool:
    return note.startswith(b"exchange.act/1\n")


def play_whole(seed: int) -> Exchange:
    exchange = Exchange(seed)
    try:
        exchange.play()
        exchange.check()
    except BaseException as failure:
        failure.add_note(f"seed {seed}; the trouble was: {'; '.join(exchange.table.trouble)}")
        raise
    return exchange


played = cache(play_whole)


@pytest.mark.parametrize("seed", QUICK)
def test_one_record_comes_of_a_whole_exchange(seed: int) -> None:
    played(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", MANY)
def test_one_record_comes_of_many_whole_exchanges(seed: int) -> None:
    play_whole(seed)


def test_the_exchanges_were_whole_and_the_trouble_was_real() -> None:
    all_played = [played(seed) for seed in QUICK]
    whole = [
        one for one in all_played if one.table.state.standing.closed_until and one.table.state.publication.notified
    ]
    assert len(whole) > len(all_played) // 2
    trouble = {name for one in all_played for name in one.table.trouble}
    assert trouble >= {
        "lost",
        "bundle.torn",
        "desk.bundle_ahead",
        "desk.chain_fork",
        "north vanishes",
        "south vanishes",
    }
    assert any(name.endswith("signs twice") for name in trouble)
    assert all(one.table.state.void for one in all_played)


# --- what the simulations found, each by itself ---


def forked_with_more_waiting() -> Table:
    """A table where north lost its number to a copy of its own desk, and had signed one act more on the branch that lost."""
    table = Table()
    copy = copy_of(table["north"])
    copy.sign(terms(5, 5))
    table["neutral"].receive(copy.bundle("neutral"))
    table["north"].sign(terms(3, 3))
    table["north"].sign(RaiseItem(item="later", title="later"), anyway=True)
    table.post()
    return table


def test_what_was_signed_after_the_branch_that_lost_is_kept_as_proof_and_waits_no_longer() -> None:
    north = forked_with_more_waiting()["north"]
    assert not north.waiting
    kept = [read_act(note).envelope.kind for note in north.store.facts("evidence/").values()]
    assert sorted(kept) == ["propose_terms", "raise_item"]


def test_a_desk_whose_branch_lost_signs_again_once_its_root_keys_have_chosen() -> None:
    table = forked_with_more_waiting()
    north = table["north"]
    with pytest.raises(DeskBroken, match="forked"):
        north.sign(terms(7, 7))
    (lost,) = [
        act for act in map(read_act, north.store.facts("evidence/").values()) if act.envelope.kind != "raise_item"
    ]
    logged = next(act for act in map(read_act, north.store.acts()) if act.envelope.kind == "propose_terms")
    proof = tuple(b64encode(one.note).decode() for one in (logged, lost))
    assert not isinstance(table["south"].sign(ReportFork(participant=north.name, notes=proof)), Refusal)
    table.post()
    chosen = north.sign(ChooseBranch(head=north.state.authority.heads[north.name].id))
    assert not isinstance(chosen, Refusal)
    with pytest.raises(DeskBroken, match="forked"):
        north.sign(terms(7, 7))
    table.post()
    assert not isinstance(north.sign(terms(7, 7)), Refusal)
