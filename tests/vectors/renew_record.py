"""Vectors of lines, notes, acts, checkpoints, receipts and words, written anew: ``python -m tests.vectors.renew_record``.

Keys come from counted hashes and Ed25519 signs the same every time, so a second run writes the same bytes. What each
vector expects is said here by hand, from ``spec/record.md``; nothing is taken from what the program answers.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from parley.record import canonical
from parley.record.checkpoint import cosign, head_text, make, make_receipt, merge, word_list
from parley.record.envelope import FIRST_LINE, NOTHING_SEEN, Envelope, SealedRef, Seen, sign_act, to_text
from parley.record.keys import SMALL_ORDER, SigningKey
from parley.record.log import Tree, leaf_hash
from parley.record.note import SignatureLine, sign
from parley.words import ActId, Digest, Moment, ParticipantName
from tests.vectors.renew_sealed_and_bundled import Fields, Files, vector
from tests.vectors.vectorfile import SPEC


def key(name: str) -> SigningKey:
    """The key of a made-up officer: its seed is the SHA-256 of its name."""
    return SigningKey.from_seed(name, sha256(name.encode()).digest())


OFFICER, SECOND, STRANGER = key("north/officer-7"), key("north/officer-9"), key("east/officer-1")
LOG, NORTH, SOUTH = key("neutral/desk"), key("north/desk"), key("south/desk")


def digest(name: str) -> str:
    """A made-up id."""
    return sha256(name.encode()).hexdigest()


ACT = Envelope(
    answers=(ActId(digest("answered")),),
    body={"lines": ["N1-N40", "N57"], "list": "offer", "version": 1},
    case="c1",
    kind="hand_in_list",
    mandate=digest("mandate"),
    party=ParticipantName("north"),
    prev=ActId(digest("prev")),
    sealed=(SealedRef(Digest(digest("blob")), Digest(digest("rows")), 16_605, ("south/lists",)),),
    seen=Seen(Digest(digest("root")), 1204, Digest(digest("state"))),
    seq=57,
    time=Moment("2025-05-22T09:00:00Z"),
)
PLAIN = replace(ACT, sealed=())
FIRST = replace(PLAIN, answers=(), mandate="root", prev=ActId(""), seen=NOTHING_SEEN, seq=1)


def canonical_files() -> Files:
    """Single lines. Where one is refused, the comment says what a careless parser would do."""
    largest = 2**53 - 1
    deep = canonical.MOST_LEVELS
    told: list[tuple[str, str, str, bytes]] = [
        ("object", "ok", "sorted, no spaces", b'{"A":1,"a":[true,false,null],"b":{"c":"d"}}'),
        ("text", "ok", "only quote and backslash are escaped", '"Полон \\" \\\\ أسرى \U0001f54a"'.encode()),
        ("largest", "ok", "the largest number", b"%d" % largest),
        ("smallest", "ok", "the smallest number", b"-%d" % largest),
        ("deepest", "ok", "32 levels", b"[" * deep + b"]" * deep),
        ("brackets_in_text", "ok", "brackets in a text are no levels", b'"' + b"[" * 50 + b'"'),
        ("longest", "ok", "65,536 bytes", b'"' + b"a" * (canonical.MOST_BYTES - 2) + b'"'),
        ("too_long", "json.too_long", "65,537 bytes", b'"' + b"a" * (canonical.MOST_BYTES - 1) + b'"'),
        ("too_deep", "json.too_deep", "33 levels", b"[" * (deep + 1) + b"]" * (deep + 1)),
        ("too_deep_unclosed", "json.too_deep", "a recursive parser runs out of stack", b'{"a":[' * 5_000),
        ("number_too_large", "json.number", "2^53: doubles cannot tell it from 2^53+1", b"%d" % (largest + 1)),
        ("number_of_many_digits", "json.number", "slow to read as a whole number", b"9" * 20_000),
        ("float", "json.number", "written as 1 by some", b"1.0"),
        ("exponent", "json.number", "written as 100 by some", b"1e2"),
        ("nan", "json.number", "read by some, no JSON", b"NaN"),
        ("minus_zero", "json.not_canonical", "equal to 0", b"-0"),
        ("leading_zero", "json.malformed", "octal to some", b"01"),
        ("duplicate", "json.duplicate_key", "some keep the first, some the last", b'{"a":1,"a":2}'),
        ("duplicate_escaped", "json.duplicate_key", "the same name, once escaped", b'{"a":1,"\\u0061":2}'),
        ("unsorted", "json.not_canonical", "b before a", b'{"b":1,"a":2}'),
        ("space", "json.not_canonical", "a space after the colon", b'{"a": 1}'),
        ("newline_behind", "json.not_canonical", "a newline behind the value", b"{}\n"),
        ("escaped_letter", "json.not_canonical", "a letter that needs no escape", b'"\\u0041"'),
        ("escaped_slash", "json.not_canonical", "a slash that needs no escape", b'"\\/"'),
        ("escaped_pair", "json.not_canonical", "a character written as two halves", b'"\\ud83d\\udd4a"'),
        ("half", "json.not_canonical", "half a character", b'"\\ud800"'),
        ("half_in_bytes", "json.not_text", "half a character in UTF-8", b'"\xed\xa0\x80"'),
        ("not_utf8", "json.not_text", "no UTF-8", b'"\xff"'),
        ("byte_order_mark", "json.malformed", "a mark before the value", b"\xef\xbb\xbf{}"),
        ("control", "json.control_character", "a newline in a text", b'"a\\nb"'),
        ("delete", "json.control_character", "U+007F", b'"\x7f"'),
        ("next_line", "json.control_character", "U+0085, a line end to some", '"\u0085"'.encode()),
        ("name_not_ascii", "json.key_not_ascii", "where sorting rules differ", '{"ключ":1}'.encode()),
        ("trailing_comma", "json.malformed", "taken by some", b"[1,]"),
        ("two_values", "json.malformed", "the second is dropped by some", b"1 2"),
        ("empty", "json.malformed", "no value", b""),
    ]
    return {f"canonical_{name}": vector(expect, why, [], line) for name, expect, why, line in told}


def note_files() -> Files:
    """Notes with their signers in order, and texts that are no note."""
    text = "two lines\nof text\n"
    good = sign(text, [OFFICER, SECOND])
    one = sign(text, [OFFICER])
    line = one[one.index(b"\n\n") + 2 :]
    sixteen = [key(f"north/officer-{number}") for number in range(16)]

    def spoilt(note: bytes, old: bytes, new: bytes) -> bytes:
        assert old in note
        return note.replace(old, new)

    told: list[tuple[str, str, str, bytes]] = [
        ("one", "ok", "one signature", one),
        ("two", "ok", "two signatures", good),
        ("sixteen", "ok", "as many signatures as may be", sign(text, sixteen)),
        ("empty_lines", "ok", "the text reaches to the last empty line", sign("a\n\nb\n\n\nc\n", [OFFICER])),
        ("scripts", "ok", "any script", sign("Полонені · أسرى\n", [OFFICER])),
        ("cosignature_size", "ok", "72 bytes of signature", text.encode() + b"\n" + cosigned_line()),
        ("seventeen", "note.too_many_signatures", "one too many", sign(text, sixteen) + line.replace(b"-7", b"-77")),
        ("unsigned", "note.no_signature", "no signature line", text.encode() + b"\n"),
        ("no_empty_line", "note.malformed", "no line between", spoilt(one, b"\n\n", b"\n")),
        ("empty_text", "note.malformed", "no text", b"\n" + line),
        ("twice", "note.duplicate_signer", "one key, two lines", one + line),
        ("hyphen", "note.signature_line", "a hyphen for the dash", spoilt(one, b"\xe2\x80\x94", b"-")),
        ("capital", "note.signature_line", "a capital in a name", spoilt(one, b"north", b"North")),
        ("two_spaces", "note.signature_line", "one space too many", spoilt(one, b"7 ", b"7  ")),
        ("no_padding", "note.signature_line", "base64 without padding", spoilt(one, b"=\n", b"\n")),
        ("stray_bits", "note.signature_line", "bits that decoding drops", stray_bits(one)),
        ("no_last_newline", "note.signature_line", "cut off", one[:-1]),
        ("line_behind", "note.signature_line", "another line behind", one + b"more\n"),
        (
            "carriage_return",
            "note.control_character",
            "line ends of another system",
            spoilt(one, b"lines\n", b"lines\r\n"),
        ),
        ("tab", "note.control_character", "a tab in the text", spoilt(one, b"two lines", b"two\tlines")),
        ("not_utf8", "note.not_text", "no UTF-8", spoilt(one, b"two", b"\xfftwo")),
        ("too_long", "note.too_long", "65,537 bytes of text", b"a" * 65_536 + b"\n\n" + line),
    ]
    return {
        f"note_{name}": vector(expect, why, [("signer", one) for one in signers_of(name)], body)
        for name, expect, why, body in told
    }


def signers_of(name: str) -> list[str]:
    """Who stands under the notes that are read, in order."""
    alone = [OFFICER.verify_key.name]
    return {
        "one": alone,
        "two": [*alone, SECOND.verify_key.name],
        "sixteen": [f"north/officer-{number}" for number in range(16)],
        "empty_lines": alone,
        "scripts": alone,
        "cosignature_size": [NORTH.verify_key.name],
    }.get(name, [])


def cosigned_line() -> bytes:
    """A line as it stands under a checkpoint."""
    return bytes(SignatureLine(NORTH.verify_key.name, NORTH.verify_key.cosigner_hash4, b"\x07" * 72))


def stray_bits(note: bytes) -> bytes:
    """The note with its last signature spelt so that decoding gives the same bytes."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return note[:-3] + bytes([alphabet[alphabet.index(note[-3]) + 1]]) + b"=\n"


def act_files() -> Files:
    """Acts with their id, the keys known, and who is found to have signed; ``signed`` or ``unknown`` or ``spoiled``."""
    files = {
        "act_sealed": act(ACT, "a list handed in by one officer"),
        "act_plain": act(PLAIN, "the usual act, nothing sealed"),
        "act_first": act(FIRST, "the first of a chain, having seen nothing"),
        "act_of_desk": act(
            replace(FIRST, mandate="desk", kind="record_clock", body={"now": "2025-05-22T09:00:00Z"}), "by a desk"
        ),
    }
    note = sign_act(PLAIN, [OFFICER, SECOND, STRANGER])
    head, second, stranger = note.split(b"\xe2\x80\x94 ")[1:]
    assert stranger.startswith(b"east/")
    broken = b"\xe2\x80\x94 ".join([note.split(b"\xe2\x80\x94 ")[0], head, spoil(second), stranger])
    found = [("signed", "north/officer-7"), ("spoiled", "north/officer-9"), ("unknown", "east/officer-1")]
    files["act_three_signers"] = vector("ok", "one holds, one is spoiled, one unknown", [*about(PLAIN), *found], broken)
    moved = to_text(replace(PLAIN, seq=58)).encode() + note[note.rindex(b"\n\n") + 1 :]
    files["act_signature_of_another"] = vector(
        "ok",
        "signatures moved to another act",
        [
            *about(replace(PLAIN, seq=58)),
            ("spoiled", "north/officer-7"),
            ("spoiled", "north/officer-9"),
            ("unknown", "east/officer-1"),
        ],
        moved,
    )
    files["act_small_order_r"] = vector(
        "ok", "R is a small-order encoding", [*about(PLAIN), ("spoiled", "north/officer-7")], small_order_r()
    )
    return (
        files
        | {f"act_{name}": vector("act.field", name, [], noted(change)) for name, change in FIELDS.items()}
        | {f"act_{name}": vector(expect, why, [], body) for name, expect, why, body in act_shapes()}
    )


def act(said: Envelope, why: str) -> bytes:
    """The vector of a good act."""
    return vector("ok", why, [*about(said), ("signed", OFFICER.verify_key.name)], sign_act(said, [OFFICER]))


def about(said: Envelope) -> Fields:
    """The id of an act and the keys that are known."""
    text = to_text(said).encode()
    return [("id", sha256(text).hexdigest()), *(("key", one.verify_key.vkey) for one in (OFFICER, SECOND))]


def spoil(line: bytes) -> bytes:
    """A signature line with one letter of its signature changed."""
    at = line.index(b" ") + 30
    return line[:at] + (b"A" if line[at : at + 1] != b"A" else b"B") + line[at + 1 :]


def small_order_r() -> bytes:
    """A good act under a signature whose first half is one of the 14 encodings."""
    text = to_text(PLAIN).encode()
    signature = min(SMALL_ORDER) + OFFICER.sign(text)[32:]
    line = SignatureLine(OFFICER.verify_key.name, OFFICER.verify_key.hash4, signature)
    return text + b"\n" + bytes(line)


def noted(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The act with some of its fields changed, canonical and signed."""
    fields = canonical.parse_text(to_text(ACT).split("\n")[1])
    change(fields)
    return sign((FIRST_LINE + canonical.encode(fields) + b"\n").decode(), [OFFICER])


def put(*path: str | int, to: object) -> Callable[[dict[str, Any]], object]:
    """Set the field at a path."""

    def change(fields: Any) -> None:
        for step in path[:-1]:
            fields = fields[step]
        fields[path[-1]] = to

    return change


FIELDS: dict[str, Callable[[dict[str, Any]], object]] = {
    "answers_twice": put("answers", to=[digest("answered")] * 2),
    "answers_capital": put("answers", to=[digest("answered").upper()]),
    "body_list": put("body", to=[]),
    "case_capital": put("case", to="C1"),
    "kind_hyphen": put("kind", to="hand-in"),
    "mandate_empty": put("mandate", to=""),
    "party_digit": put("party", to="7north"),
    "prev_empty": put("prev", to=""),
    "prev_short": put("prev", to=digest("prev")[:-1]),
    "sealed_no_commit": put("sealed", 0, "commit", to=""),
    "sealed_no_reader": put("sealed", 0, "to", to=[]),
    "sealed_reader_twice": put("sealed", 0, "to", to=["south/lists", "south/lists"]),
    "sealed_room_only": put("sealed", 0, "to", to=["lists"]),
    "sealed_size_zero": put("sealed", 0, "size", to=0),
    "sealed_field_more": put("sealed", 0, "name", to=""),
    "seen_root_only": put("seen", "size", to=0),
    "seen_size_only": put("seen", "root", to=""),
    "seq_text": put("seq", to="57"),
    "seq_true": put("seq", to=True),
    "seq_zero": put("seq", to=0),
    "time_month_13": put("time", to="2025-13-22T09:00:00Z"),
    "time_offset": put("time", to="2025-05-22T09:00:00+00:00"),
}


def act_shapes() -> list[tuple[str, str, str, bytes]]:
    """Whole acts in another shape."""
    good = to_text(PLAIN)
    line = good.split("\n")[1]
    without = canonical.parse_text(line)
    del without["seen"]
    more = canonical.parse_text(line) | {"comment": ""}

    backwards = json.dumps(dict(reversed(canonical.parse_text(line).items())), separators=(",", ":"))
    unsorted = f"exchange.act/1\n{backwards}\n"

    def written(fields: dict[str, Any]) -> str:
        return (FIRST_LINE + canonical.encode(fields) + b"\n").decode()

    told = [
        ("field_missing", "act.fields", "no field seen", written(without)),
        ("field_more", "act.fields", "a field that is not of the form", written(more)),
        ("later_version", "act.version", "another version", good.replace("act/1", "act/2")),
        ("checkpoint", "act.version", "a checkpoint is no act", head_text("c1/neutral", 1, bytes(32))),
        ("third_line", "act.lines", "a line too many", good + "\n"),
        ("space_behind", "json.not_canonical", "a space behind the line", good[:-1] + " \n"),
        ("unsorted", "json.not_canonical", "fields in another order", unsorted),
        ("duplicate", "json.duplicate_key", "a field twice", 'exchange.act/1\n{"answers":[],' + line[1:] + "\n"),
        (
            "body_duplicate",
            "json.duplicate_key",
            "a field of the body twice",
            good.replace('"body":{', '"body":{"a":1,"a":1,'),
        ),
        ("body_float", "json.number", "a float in the body", good.replace('"version":1', '"version":1.5')),
    ]
    return [
        *((name, expect, why, sign(text, [OFFICER])) for name, expect, why, text in told),
        ("cosigned", "act.field", "a signature with a time", good.encode() + b"\n" + cosigned_line()),
        ("unsigned", "note.no_signature", "nobody signed", good.encode() + b"\n"),
    ]


@dataclass(frozen=True, slots=True)
class Example:
    """A log of five acts with its checkpoint, cosigned by both parties at noon."""

    tree: Tree
    note: bytes


def example() -> Example:
    tree = Tree()
    for number in range(5):
        tree.append(b"act %d" % number)
    bare = make("c1/neutral", 5, tree.root(), LOG)
    return Example(tree, merge(cosign(bare, NORTH, 1_747_396_800), cosign(bare, SOUTH, 1_747_396_860)).note)


def keys_of_log() -> Fields:
    """The log's key and the witnesses'."""
    return [("log", LOG.verify_key.vkey), ("witness", NORTH.verify_key.vkey), ("witness", SOUTH.verify_key.vkey)]


def checkpoint_files() -> Files:
    """Checkpoints with origin, size, root and cosigners, and what is none."""
    shown = example()
    text, lines = shown.note.split(b"\n\n")
    log_line, north, south = (one + b"\n" for one in lines[:-1].split(b"\n"))
    root = base64.b64encode(shown.tree.root()).decode()
    told: list[tuple[str, str, str, bytes]] = [
        ("both", "ok", "cosigned by both", shown.note),
        ("other_order", "ok", "cosignatures may stand in any order", text + b"\n\n" + log_line + south + north),
        ("one", "ok", "cosigned by one", text + b"\n\n" + log_line + south),
        ("bare", "ok", "signed by the log alone", text + b"\n\n" + log_line),
        ("cosigner_first", "checkpoint.not_genuine", "the log signs first", text + b"\n\n" + north + log_line),
        ("without_log", "checkpoint.not_genuine", "cosigned only", text + b"\n\n" + north + south),
        ("other_log", "checkpoint.not_genuine", "another key", make("c1/neutral", 5, shown.tree.root(), NORTH).note),
        ("other_size", "checkpoint.not_genuine", "size changed", shown.note.replace(b"\n5\n", b"\n6\n")),
        (
            "stranger",
            "checkpoint.unknown_cosigner",
            "no known witness",
            cosign(make("c1/neutral", 5, shown.tree.root(), LOG), STRANGER, 1).note,
        ),
        (
            "plain_witness",
            "checkpoint.unknown_cosigner",
            "a plain signature is no cosignature",
            sign(text.decode() + "\n", [LOG, NORTH]),
        ),
        ("time_moved", "checkpoint.bad_cosignature", "another time before the signature", timed(text, log_line, 1)),
        ("time_too_large", "checkpoint.time", "a time beyond 2^63", timed(text, log_line, 2**63)),
        ("extension", "checkpoint.malformed", "a fourth line", signed(f"c1/neutral\n5\n{root}\nmore\n")),
        ("leading_zero", "checkpoint.malformed", "a zero before the size", signed(f"c1/neutral\n05\n{root}\n")),
        ("huge", "checkpoint.malformed", "2^53 entries", signed(f"c1/neutral\n{2**53}\n{root}\n")),
        ("origin_space", "checkpoint.malformed", "a space in the origin", signed(f"c1 neutral\n5\n{root}\n")),
        ("origin_act", "checkpoint.malformed", "called like an act", signed(f"exchange.act/1\n5\n{root}\n")),
        (
            "root_short",
            "checkpoint.malformed",
            "31 bytes",
            signed(f"c1/neutral\n5\n{base64.b64encode(bytes(31)).decode()}\n"),
        ),
        ("root_hex", "checkpoint.malformed", "in hex", signed(f"c1/neutral\n5\n{shown.tree.root().hex()}\n")),
        ("unsigned", "checkpoint.malformed", "nobody signed", text + b"\n"),
    ]
    about: Fields = [("origin", "c1/neutral"), ("size", "5"), ("root", shown.tree.root().hex())]
    by = {"both": (NORTH, SOUTH), "other_order": (NORTH, SOUTH), "one": (SOUTH,), "bare": ()}
    return {
        f"checkpoint_{name}": vector(
            expect,
            why,
            [*keys_of_log(), *about, *(("cosigner", one.verify_key.name) for one in by.get(name, ()))],
            body,
        )
        for name, expect, why, body in told
    }


def signed(text: str) -> bytes:
    return sign(text, [LOG])


def timed(text: bytes, log_line: bytes, time: int) -> bytes:
    """A cosignature made for noon, shown with another time."""
    made = NORTH.sign(b"cosignature/v1\ntime 1747396800\n" + text + b"\n")
    line = SignatureLine(NORTH.verify_key.name, NORTH.verify_key.cosigner_hash4, time.to_bytes(8, "big") + made)
    return text + b"\n\n" + log_line + bytes(line)


def receipt_files() -> Files:
    """Receipts with the leaf they prove: ``ok``, ``false`` where the proof does not hold, or a code."""
    shown = example()
    point = make("c1/neutral", 5, shown.tree.root(), LOG)
    good = make_receipt(3, shown.tree.inclusion(3), point)
    first = good.split(b"\n")[2]
    lone = Tree()
    lone.append(b"act 3")
    told: list[tuple[str, str, str, bytes]] = [
        ("act_3", "ok", "the fourth of five", good),
        ("cosigned", "ok", "with a cosigned checkpoint", good[: good.index(b"\n\n") + 2] + shown.note),
        ("only_act", "ok", "the only one: no path", make_receipt(0, (), make("c1/neutral", 1, lone.root(), LOG))),
        ("other_place", "false", "another place", good.replace(b"index 3", b"index 2")),
        ("path_cut", "false", "a hash missing", good.replace(first + b"\n", b"")),
        ("path_longer", "false", "a hash too many", good.replace(first, first + b"\n" + first)),
        ("beyond", "receipt.index", "beyond the checkpoint", good.replace(b"index 3", b"index 5")),
        ("later_version", "receipt.malformed", "another version", good.replace(b"@v1", b"@v2")),
        ("extra", "receipt.malformed", "what nothing vouches for", good.replace(b"index", b"extra YQ==\nindex")),
        ("leading_zero", "receipt.malformed", "a zero before the number", good.replace(b"index 3", b"index 03")),
        ("no_index", "receipt.malformed", "no number", good.replace(b"index 3\n", b"")),
        ("hash_short", "receipt.malformed", "a hash of one byte", good.replace(first, b"YQ==")),
        (
            "stray_bits",
            "receipt.malformed",
            "bits that decoding drops",
            good.replace(first, stray_bits(first + b"\n")[:-1]),
        ),
        ("path_of_65", "receipt.malformed", "a path too long", good.replace(first, b"\n".join([first] * 63))),
        ("cut", "receipt.malformed", "no checkpoint", good[: good.index(b"\n\n") + 1]),
        (
            "forged_checkpoint",
            "checkpoint.not_genuine",
            "another log's checkpoint",
            make_receipt(3, shown.tree.inclusion(3), make("c1/neutral", 5, shown.tree.root(), NORTH)),
        ),
    ]
    leaf: Fields = [("leaf", leaf_hash(b"act 3").hex()), ("entry", "act 3")]
    return {f"receipt_{name}": vector(expect, why, [*keys_of_log(), *leaf], body) for name, expect, why, body in told}


def words_files() -> Files:
    """The list of words, and roots with their eight words."""
    shown = example().tree.root()
    numbers = int.from_bytes(shown[:11], "big")
    spoken = [word_list()[numbers >> 11 * place & 2047] for place in range(7, -1, -1)]
    return {
        "words_list": vector("ok", "word 0 to word 2047", [], "".join(f"{one}\n" for one in word_list()).encode()),
        "words_root": vector("ok", "a root read out", [("root", shown.hex())], " ".join(spoken).encode() + b"\n"),
        "words_zero": vector("ok", "88 bits of zero", [("root", "00" * 32)], b" ".join([b"babal"] * 8) + b"\n"),
    }


def renew() -> dict[Path, bytes]:
    """Every file with its bytes."""
    made = canonical_files() | note_files() | act_files() | checkpoint_files() | receipt_files() | words_files()
    return {SPEC / "record" / name: data for name, data in made.items()}


if __name__ == "__main__":
    for path, data in renew().items():
        path.write_bytes(data)
