"""Vectors of who may sign what, written anew: ``python -m tests.vectors.renew_authority``.

Each is a small log as a bundle, with the root keys that an outsider was given. Keys are made from their names, so a second
run writes the same bytes.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from parley.acts import (
    ChooseBranch,
    Deed,
    Enrolled,
    FoundCase,
    Grant,
    IssueMandate,
    RecordClock,
    ReportFork,
    RevokeMandate,
    RotateKeys,
    SucceedNeutral,
    Suspend,
    UpgradeRules,
)
from parley.forms import to_body
from parley.record.bundle import Bundle, write
from parley.record.canonical import Json
from parley.record.checkpoint import cosign, make
from parley.record.envelope import NOTHING_SEEN, Envelope, Seen, read_act, sign_act
from parley.record.keys import SigningKey
from parley.record.log import Tree
from parley.words import ActId, Digest, Moment, ParticipantName
from tests.vectors.vectorfile import SPEC

ROLES = {"north": ("party", "N"), "south": ("party", "S"), "neutral": ("neutral", "X")}
HOUR = "2025-05-16T{:02}:00:00Z"


def key(name: str, number: int = 1) -> SigningKey:
    """A key that is the same in every run; another number gives another key under the same name."""
    return SigningKey.from_seed(name, sha256(f"{name} {number}".encode()).digest())


def keys(owner: str, *names: str) -> list[SigningKey]:
    return [key(f"{owner}/{name}") for name in names]


def vkeys(signing: Sequence[SigningKey]) -> tuple[str, ...]:
    return tuple(one.verify_key.vkey for one in signing)


def roots(owner: str) -> list[SigningKey]:
    return keys(owner, "root-1", "root-2", "root-3")


def enrolled(name: str, role: str, letters: str) -> Enrolled:
    return Enrolled(ParticipantName(name), role, letters, vkeys(roots(name)), 2, key(f"{name}/desk").verify_key.vkey)


FOUNDING = FoundCase(
    origin="c1/neutral",
    participants=tuple(enrolled(name, role, letters) for name, (role, letters) in ROLES.items()),
    rules=1,
    practice=True,
)
SUSPEND = Suspend(reason="consultation")


@dataclass
class Story:
    """A log in the making; nothing here asks whether an act is genuine or allowed."""

    notes: list[bytes] = field(default_factory=list)
    tree: Tree = field(default_factory=Tree)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    def says(
        self,
        party: str,
        deed: Deed | tuple[str, Mapping[str, Json]],
        mandate: str,
        by: Sequence[SigningKey],
        **other: object,
    ) -> str:
        """Append an act and return its id; ``other`` replaces fields of the envelope."""
        kind, body = deed if isinstance(deed, tuple) else (deed.kind, to_body(deed))
        seq, prev = self.heads.get(party, (0, ""))
        said = Envelope(
            answers=(),
            body=body,
            case="c1",
            kind=kind,
            mandate=mandate,
            party=ParticipantName(party),
            prev=ActId(prev),
            sealed=(),
            seen=NOTHING_SEEN,
            seq=seq + 1,
            time=Moment(HOUR.format(8)),
        )
        note = sign_act(replace(said, **other), by)  # type: ignore[arg-type]
        signed = read_act(note)
        self.notes.append(note)
        self.tree.append(note)
        self.heads[party] = (signed.envelope.seq, signed.id)
        return signed.id

    def found(self, deed: FoundCase = FOUNDING) -> None:
        self.says("neutral", deed, "root", [one for name in ROLES for one in roots(name)])

    def clock(self, hour: int) -> None:
        self.says("neutral", RecordClock(now=Moment(HOUR.format(hour))), "desk", keys("neutral", "desk"))

    def empower(
        self, party: str = "north", *officers: str, needed: int = 1, by: Sequence[str] = ("root-1", "root-2")
    ) -> str:
        return self.says(party, mandate(party, *(officers or ("officer-1",)), needed=needed), "root", keys(party, *by))

    def bundle(
        self,
        origin: str = "c1/neutral",
        log: str = "neutral/desk",
        others: Sequence[str] = ("north/desk", "south/desk"),
        again: Sequence[str] = (),
    ) -> bytes:
        """The whole log and its checkpoint, which ``again`` have cosigned on a copy of their own."""
        points = []
        for names in (others, again) if again else (others,):
            point = make(origin, self.tree.size, self.tree.root(), key(log))
            for name in names:
                point = cosign(point, key(name), 1_747_386_000)
            points.append(point.note)
        acts = tuple(self.notes)
        return write(Bundle(origin=origin, start=0, stop=len(acts), acts=acts, checkpoints=tuple(points)))


def mandate(party: str, *officers: str, needed: int = 1, kinds: Sequence[str] = ("suspend",)) -> IssueMandate:
    """A mandate in force from nine to seventeen."""
    return IssueMandate(
        officers=vkeys(keys(party, *officers)),
        grants=(Grant(tuple(kinds), needed),),
        not_before=Moment(HOUR.format(9)),
        until=Moment(HOUR.format(17)),
    )


def begun(hour: int = 10) -> Story:
    story = Story()
    story.found()
    story.clock(hour)
    return story


Expect = tuple[str, Sequence[tuple[str, str]], bytes]


def ok(story: Story, *void: str, cosigned: str = "north, south, neutral", **made: object) -> Expect:
    """A genuine log; each of ``void`` is a position and a code.."""
    fields = [("last", str(len(story.notes) - 1)), ("cosigned", cosigned), *(("void", one) for one in void)]
    return "ok", fields, story.bundle(**made)  # type: ignore[arg-type]


def broken(story: Story, where: str, cause: str, **made: object) -> Expect:
    return cause, [("where", where)], story.bundle(**made)  # type: ignore[arg-type]


# --- the stories ---


def mandate_allowed() -> Expect:
    """An officer under a mandate, two officers where two are needed."""
    story = begun()
    story.says("north", SUSPEND, story.empower(), keys("north", "officer-1"))
    story.says(
        "south",
        SUSPEND,
        story.empower("south", "officer-1", "officer-2", needed=2),
        keys("south", "officer-1", "officer-2"),
    )
    return ok(story)


def mandate_expired() -> Expect:
    """The clock reaches the end of the mandate; that end is no longer in it."""
    story = begun()
    issued = story.empower()
    story.clock(16)
    story.says("north", SUSPEND, issued, keys("north", "officer-1"))
    story.clock(17)
    story.says("north", SUSPEND, issued, keys("north", "officer-1"))
    return ok(story, "6 mandate_expired")


def mandate_before_any_clock() -> Expect:
    """Before the first clock entry no mandate is in force."""
    story = Story()
    story.found()
    story.says("north", SUSPEND, story.empower(), keys("north", "officer-1"))
    return ok(story, "2 mandate_not_yet")


def mandate_revoked() -> Expect:
    """What a mandate signed before it was revoked stands; after, its officers are known and their acts void."""
    story = begun()
    issued = story.empower()
    story.says("north", SUSPEND, issued, keys("north", "officer-1"))
    story.says("north", RevokeMandate(mandate=ActId(issued), reason="key_lost"), "root", roots("north")[:2])
    story.says("north", SUSPEND, issued, keys("north", "officer-1"))
    story.says("north", RevokeMandate(mandate=ActId(issued), reason="again"), "root", roots("north")[:2])
    return ok(story, "5 mandate_revoked", "6 -")


def mandate_of_the_other() -> Expect:
    """An officer under the mandate of the other side."""
    story = begun()
    story.empower("south")
    issued = story.empower()
    story.says("south", SUSPEND, issued, keys("south", "officer-1"))
    return ok(story, "4 no_such_mandate")


def too_few_officers() -> Expect:
    """One officer where two are needed."""
    story = begun()
    issued = story.empower("north", "officer-1", "officer-2", needed=2)
    story.says("north", SUSPEND, issued, keys("north", "officer-1"))
    return ok(story, "3 too_few_officers")


def kind_not_granted() -> Expect:
    """A kind that the mandate does not grant, and one that does not exist."""
    story = begun()
    issued = story.empower()
    story.says(
        "north", ("raise_item", {"item": "ceasefire", "title": "cease-fire"}), issued, keys("north", "officer-1")
    )
    story.says("north", ("win_the_war", {}), issued, keys("north", "officer-1"))
    return ok(story, "3 beyond_mandate", "4 beyond_mandate")


def signer_of_another_mandate() -> Expect:
    """An officer of one's own whom this mandate does not name."""
    story = begun()
    issued = story.empower()
    story.empower("north", "officer-2")
    story.says("north", SUSPEND, issued, keys("north", "officer-2"))
    return ok(story, "4 signer_not_in_mandate")


def roots_for_other_kinds() -> Expect:
    """Root keys sign only their kinds, and officers and desks none of them."""
    story = begun()
    story.says("north", SUSPEND, "root", roots("north"))
    issued = story.empower()
    story.says("north", mandate("north", "officer-2"), issued, keys("north", "officer-1"))
    story.says("north", SUSPEND, "desk", keys("north", "desk"))
    return ok(story, "2 not_for_root_keys", "4 not_for_root_keys", "5 not_for_desk_key")


def too_few_root_keys() -> Expect:
    """One root key where two are needed: the mandate is void."""
    story = begun()
    story.empower("north", by=("root-1",))
    return ok(story, "2 too_few_root_keys")


def void_mandate_enrols_nobody() -> Expect:
    """An officer whom only a void mandate named is a stranger."""
    story = begun()
    issued = story.empower("north", by=("root-1",))
    story.says("north", SUSPEND, issued, keys("north", "officer-1"))
    return broken(story, "act 3", "desk.unknown_signer")


def mandate_for_an_unknown_kind() -> Expect:
    """A mandate may grant a kind that does not exist; it grants no other."""
    story = begun()
    issued = story.says("north", mandate("north", "officer-1", kinds=("win_the_war",)), "root", roots("north"))
    story.says("north", SUSPEND, issued, keys("north", "officer-1"))
    return ok(story, "3 beyond_mandate")


def mandate_for_a_kind_of_root_keys() -> Expect:
    """A mandate that grants a kind for root keys is void and enrols nobody."""
    story = begun()
    kinds = ("suspend", "upgrade_rules")
    issued = story.says("north", mandate("north", "officer-1", kinds=kinds), "root", roots("north"))
    story.says("north", SUSPEND, issued, keys("north", "officer-1"))
    return broken(story, "act 3", "desk.unknown_signer")


def mandate_that_needs_too_many() -> Expect:
    """A mandate is void that asks for more officers than it names, even where a later grant of that kind asks for fewer."""
    story = begun()
    grants = (Grant(("suspend",), 2), Grant(("suspend",), 1))
    story.says("north", replace(mandate("north", "officer-1"), grants=grants), "root", roots("north"))
    story.says("north", replace(mandate("north", "officer-1"), grants=(Grant((), 2),)), "root", roots("north"))
    return ok(story, "2 -", "3 -")


def one_key_under_two_names() -> Expect:
    """One key under two names would meet a threshold of two alone: the mandate is void."""
    story = begun()
    first = key("north/officer-1")
    twin = SigningKey.from_seed("north/officer-2", first.seed)
    deed = replace(mandate("north", "officer-1", needed=2), officers=vkeys([first, twin]))
    story.says("north", deed, "root", roots("north"))
    return ok(story, "2 -")


def officer_with_a_root_s_name() -> Expect:
    """A mandate that names a root key as an officer is void."""
    story = begun()
    story.says("north", mandate("north", "root-1"), "root", roots("north"))
    return ok(story, "2 -")


def mandate_with_a_field_more() -> Expect:
    """A body with an unknown field is void."""
    story = begun()
    story.says(
        "north", ("issue_mandate", to_body(mandate("north", "officer-1")) | {"why": "because"}), "root", roots("north")
    )
    return ok(story, "2 -")


NEW = ("root-4", "root-5", "root-6")


def rotation(*new: SigningKey) -> RotateKeys:
    return RotateKeys(roots=vkeys(new), threshold=2, desk_key=key("north/desk-2").verify_key.vkey)


def rotation_allowed() -> Expect:
    """Old and new thresholds signed; then the old keys are unknown, and the new desk key cosigns."""
    story = begun()
    new = keys("north", *NEW)
    story.says("north", rotation(*new), "root", [*roots("north")[:2], *new[:2]])
    story.says("north", mandate("north", "officer-1"), "root", new[:2])
    return ok(story, others=("north/desk-2", "south/desk"))


def rotation_then_old_keys() -> Expect:
    """A root key that was rotated away is a stranger."""
    story = begun()
    new = keys("north", *NEW)
    story.says("north", rotation(*new), "root", [*roots("north")[:2], *new[:2]])
    story.empower("north")
    return broken(story, "act 3", "desk.unknown_signer", others=("north/desk-2", "south/desk"))


def rotation_then_old_desk_key() -> Expect:
    """A checkpoint after a rotation that the old desk key cosigned is refused."""
    story = begun()
    new = keys("north", *NEW)
    story.says("north", rotation(*new), "root", [*roots("north")[:2], *new[:2]])
    return broken(story, "checkpoint 3", "checkpoint.unknown_cosigner")


def rotation_without_the_new() -> Expect:
    """A rotation that the new keys did not sign is void."""
    story = begun()
    story.says("north", rotation(*keys("north", *NEW)), "root", roots("north"))
    story.empower("north")
    return ok(story, "2 -")


def rotation_without_the_old() -> Expect:
    """A rotation with too few of the old keys is void; its new keys remain strangers."""
    story = begun()
    new = keys("north", *NEW)
    story.says("north", rotation(*new), "root", [roots("north")[0], *new])
    return ok(story, "2 too_few_root_keys")


def rotation_by_strangers() -> Expect:
    """A rotation signed by nothing but the keys that it brings: nobody lengthens another's chain."""
    story = begun()
    new = keys("north", *NEW)
    story.says("north", rotation(*new), "root", new)
    return broken(story, "act 2", "desk.unknown_signer")


def rotation_with_a_malformed_key() -> Expect:
    """A rotation to a malformed key is void; its other new keys are known for it alone, the desk key too."""
    story = begun()
    new = keys("north", *NEW)
    deed = replace(rotation(*new), roots=(*vkeys(new[:2]), vkeys(new)[2][:-4] + "AAAA"))
    story.says("north", deed, "root", [*roots("north")[:2], *new[:2], key("north/desk-2")])
    story.empower("north", by=("root-1", "root-4"))
    return broken(story, "act 3", "desk.unknown_signer")


def rotation_to_no_threshold() -> Expect:
    """A rotation to a threshold of none, or of more keys than there are, is void."""
    story = begun()
    new = keys("north", *NEW)
    for threshold in (0, 4, -1):
        story.says("north", replace(rotation(*new), threshold=threshold), "root", [*roots("north")[:2], *new])
    return ok(story, "2 -", "3 -", "4 -")


def rotation_to_a_known_name() -> Expect:
    """A rotation whose new root bears the name of a root with another key is void."""
    story = begun()
    new = [key("north/root-1", 2), *keys("north", "root-5", "root-6")]
    story.says("north", rotation(*new), "root", [*roots("north")[1:], *new[1:]])
    return ok(story, "2 -")


def signed_by_the_other_side() -> Expect:
    """An act in the name of north, signed by an officer of south alone."""
    story = begun()
    issued = story.empower()
    story.empower("south")
    story.says("north", SUSPEND, issued, keys("south", "officer-1"))
    return broken(story, "act 4", "desk.unknown_signer")


def clock_backwards() -> Expect:
    """A clock that runs backwards, and one that a party enters."""
    story = begun(12)
    story.clock(11)
    story.says("north", RecordClock(now=Moment(HOUR.format(13))), "desk", keys("north", "desk"))
    return ok(story, "2 -", "3 -")


def upgrade() -> Expect:
    """Rules upgraded by the thresholds of all, and once not by all."""
    story = begun()
    everybody = [one for name in ROLES for one in roots(name)[:2]]
    story.says("north", UpgradeRules(rules=2), "root", everybody[:4])
    story.says("north", UpgradeRules(rules=2), "root", everybody)
    story.says("north", UpgradeRules(rules=2), "root", everybody)
    return ok(story, "2 open", "4 open")


def cosigned_on_two_copies() -> Expect:
    """Two copies of one checkpoint, each cosigned by another participant, are one that both cosigned."""
    return ok(begun(), others=("north/desk",), again=("south/desk",))


def cosigned_by_the_neutral() -> Expect:
    """The neutral's own cosignature below its signature makes a checkpoint refused."""
    return broken(begun(), "checkpoint 2", "checkpoint.unknown_cosigner", others=("north/desk", "neutral/desk"))


def checkpoint_by_another() -> Expect:
    """A checkpoint that a party's desk signed in the neutral's place."""
    return broken(begun(), "checkpoint 2", "checkpoint.not_genuine", log="north/desk", others=("south/desk",))


def succeeded(**other: object) -> Story:
    story = begun()
    envoy = enrolled("envoy", "neutral", "X")
    deed = SucceedNeutral(size=2, root=Digest(story.tree.root(2).hex()), origin="c1/envoy", neutral=envoy)
    both = [*roots("north")[:2], *roots("south")[:2]]
    story.says("north", replace(deed, **other), "root", both)  # type: ignore[arg-type]
    return story


def succession() -> Expect:
    """Both parties put another neutral in: its checkpoint has the new origin and its key."""
    story = succeeded()
    story.says("envoy", RecordClock(now=Moment(HOUR.format(11))), "desk", keys("envoy", "desk"))
    return ok(story, cosigned="north, south, envoy", origin="c1/envoy", log="envoy/desk")


def succession_checkpoint_of_the_old() -> Expect:
    """A checkpoint of the old neutral beyond the succession is refused."""
    return broken(succeeded(), "bundle", "desk.other_case")


def succession_then_the_old_desk() -> Expect:
    """The old neutral's desk is a stranger after the succession."""
    story = succeeded()
    story.clock(11)
    return broken(story, "act 3", "desk.unknown_signer", origin="c1/envoy", log="envoy/desk")


def succession_under_a_name_in_use() -> Expect:
    """A successor under the old neutral's name would number its acts anew: void."""
    again = replace(enrolled("neutral", "neutral", "X"), roots=vkeys([key("neutral/root-4"), key("neutral/root-5")]))
    return ok(succeeded(neutral=again), "2 -")


def fork() -> Expect:
    """Two acts with one number are shown; the roots name the branch."""
    story = begun()
    issued = story.empower()
    first = story.says("north", SUSPEND, issued, keys("north", "officer-1"))
    twin = Story(list(story.notes[:3]), heads={"north": (1, issued)})
    twin.says("north", SUSPEND, issued, keys("north", "officer-1"), time=Moment(HOUR.format(9)))
    notes = tuple(b64encode(one).decode() for one in (story.notes[3], twin.notes[3]))
    story.says("south", ReportFork(participant=ParticipantName("north"), notes=notes), "desk", keys("south", "desk"))
    story.says("north", ChooseBranch(head=ActId(first)), "root", roots("north")[:2])
    return ok(story)


def fork_in_the_log() -> Expect:
    """A log that holds two acts with one number is not genuine."""
    story = begun()
    issued = story.empower()
    head = dict(story.heads)
    story.says("north", SUSPEND, issued, keys("north", "officer-1"))
    story.heads = head
    story.says("north", SUSPEND, issued, keys("north", "officer-1"), time=Moment(HOUR.format(9)))
    return broken(story, "act 4", "desk.chain_fork")


def founding_without_one_root() -> Expect:
    """A founding act that one root key did not sign founds nothing."""
    story = Story()
    story.says("neutral", FOUNDING, "root", [one for name in ROLES for one in roots(name)][1:])
    return broken(story, "act 0", "desk.foreign_founding")


def founding_of_others() -> Expect:
    """A founding act that names another root key than the outsider was given."""
    story = Story()
    other = replace(FOUNDING.participants[0], roots=vkeys([*roots("north")[:2], key("north/root-4")]))
    deed = replace(FOUNDING, participants=(other, *FOUNDING.participants[1:]))
    story.says("neutral", deed, "root", [*roots("north")[:2], key("north/root-4"), *roots("south"), *roots("neutral")])
    return broken(story, "act 0", "desk.foreign_founding")


def seen_another_log() -> Expect:
    """An act that has seen another root at that size proves a split view."""
    story = begun()
    seen = Seen(Digest("ab" * 32), 1, Digest(""))
    story.says("north", mandate("north", "officer-1"), "root", roots("north"), seen=seen)
    return broken(story, "act 2", "desk.split_view")


def answers_what_is_not_there() -> Expect:
    """An act that answers one that does not stand before it."""
    story = begun()
    story.says("north", mandate("north", "officer-1"), "root", roots("north"), answers=(ActId("ab" * 32),))
    return broken(story, "act 2", "desk.answers_unknown")


STORIES: tuple[Callable[[], Expect], ...] = (
    mandate_allowed, mandate_expired, mandate_before_any_clock, mandate_revoked, mandate_of_the_other,
    too_few_officers, kind_not_granted, signer_of_another_mandate, roots_for_other_kinds, too_few_root_keys,
    void_mandate_enrols_nobody, mandate_for_an_unknown_kind, mandate_for_a_kind_of_root_keys,
    mandate_that_needs_too_many, one_key_under_two_names, officer_with_a_root_s_name, mandate_with_a_field_more,
    rotation_allowed, rotation_then_old_keys, rotation_then_old_desk_key, rotation_without_the_new,
    rotation_without_the_old, rotation_with_a_malformed_key, rotation_to_no_threshold, rotation_by_strangers,
    rotation_to_a_known_name, signed_by_the_other_side, clock_backwards, upgrade, succession,
    succession_checkpoint_of_the_old, succession_then_the_old_desk, succession_under_a_name_in_use,
    cosigned_on_two_copies, cosigned_by_the_neutral, checkpoint_by_another, fork, fork_in_the_log,
    founding_without_one_root, founding_of_others, seen_another_log, answers_what_is_not_there,
)  # fmt: skip


def root_lines() -> list[str]:
    return [" ".join((name, role, "2", *vkeys(roots(name)))) for name, (role, _) in ROLES.items()]


def renew() -> dict[str, bytes]:
    """Every vector by its file name."""
    files = {}
    for story in STORIES:
        expect, fields, body = story()
        head = [
            ("expect", expect),
            ("comment", story.__doc__ or ""),
            *fields,
            *(("roots", line) for line in root_lines()),
        ]
        files[story.__name__] = "".join(f"{name}: {value}\n" for name, value in head).encode() + b"\n" + body
    return files


if __name__ == "__main__":
    folder = SPEC / "authority"
    folder.mkdir(exist_ok=True)
    for name, data in renew().items():
        (folder / name).write_bytes(data)
