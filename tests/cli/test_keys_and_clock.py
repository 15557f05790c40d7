"""Keys that change, a clock that is entered, receipts and roots that can be checked elsewhere."""

from __future__ import annotations

from tests.cli.office import Office, chunks, typed


def test_root_keys_are_rotated_and_the_new_ones_sign(office: Office) -> None:
    office.ask("north", *chunks("keys rotate --work 10"))
    office.post()
    assert {"root-4", "root-5", "root-6"} <= set(office.ask("north", "keys", "list")["keys"])
    mandate = office.ask("north", "mandate", "list")["mandates"][0]["mandate"]
    mine = next(one for one in office.ask("north", "mandate", "list")["mandates"] if one["party"] == "north")
    assert mandate
    words = ("mandate", "revoke", "--mandate", mine["mandate"][:12], "--reason", "replaced")
    assert office.refused("north", "--as", "root-1,root-2", *words) == "contact.too_few_root_keys"
    office.ask("north", "--as", "root-4,root-5", *words)
    office.post()
    assert office.refused("north", *chunks("suspend --reason weather")) == "contact.mandate_revoked"


def test_desk_keys_are_rotated_and_checkpoints_go_on(office: Office) -> None:
    for name in ("south", "neutral"):
        office.ask(name, *chunks("keys rotate --which desk --work 10"))
        office.post()
    office.ask("north", *chunks("suspend --reason weather"))
    office.post(cosigned=True)
    size = office.ask("neutral", "desk", "show")["acts"]
    assert office.ask("north", "desk", "show")["three_signed"] == size
    assert office.ask("north", "desk", "show")["cosigned_by"] == ["north/desk", "south/desk-2"]
    assert office.do("north", *chunks("keys rotate --which officers")).exit == 2


def test_a_passphrase_is_changed(office: Office) -> None:
    fresh = office.place / "fresh"
    fresh.write_text("battery staple\n")
    words = ("keys", "passphrase", "officer-1", "--new-passphrase-file", str(fresh), "--work", "10")
    office.ask("north", *words)
    assert office.do("north", *chunks("suspend --reason weather --json")).json["code"] == "keyfile.wrong_passphrase"
    office.secret.write_text("officer-1 = battery staple\n")
    assert office.do("north", *chunks("suspend --reason weather")).exit == 0


def test_the_clock_never_runs_backwards(office: Office) -> None:
    assert office.refused("neutral", "clock", "--now", "2000-01-01T00:00:00Z") == "contact.clock_backwards"
    said = office.ask("neutral", "clock")["clock"]
    assert said == office.ask("neutral", "desk", "show")["clock"]
    assert office.do("north", "clock", "--json").json["code"] == "desk.not_neutral"


def test_a_receipt_is_given_and_the_root_is_compared_by_voice(office: Office) -> None:
    receipt = office.ask("north", "receipt", "0")
    assert receipt["receipt"].startswith("c2sp.org/tlog-proof@v1\nindex 0\n")
    heard = office.ask("north", "words", "--size", "5")["words"]
    assert office.ask("south", "words", "--size", "5", " ".join(heard).upper())["same"] is True
    heard[3] = heard[2]
    found = office.do("south", "words", "--size", "5", *heard, "--json")
    assert (found.exit, found.json["code"]) == (5, "desk.split_view")
    assert office.do("south", "words", "--size", "999").exit == 3


def test_the_roots_of_the_case_are_the_same_at_every_desk(office: Office) -> None:
    roots = [office.ask(name, "case", "roots")["roots"] for name in ("north", "south", "neutral")]
    assert roots[0] == roots[1] == roots[2]
    assert [line.split()[:3] for line in roots[0]] == [
        ["north", "party", "2"],
        ["south", "party", "2"],
        ["neutral", "neutral", "2"],
    ]


def test_the_rules_are_upgraded_only_by_the_roots_of_all(office: Office) -> None:
    draft = str(office.stick / "upgrade")
    office.ask("neutral", "case", "upgrade", "--rules", "2", "--out", draft)
    office.ask("neutral", "case", "sign", draft)
    assert office.refused("neutral", "case", "enter", draft).startswith("contact.")
    for name in ("north", "south"):
        office.ask(name, "--as", "root-1,root-2", "case", "sign", draft)
    assert office.ask("neutral", "case", "enter", draft)["position"]
    found = office.do("neutral", *chunks("suspend --reason weather --json"))
    assert (found.exit, found.json["code"]) == (3, "desk.rules_unknown")


def test_a_seed_is_kept_in_a_file_and_revealed_later(office: Office) -> None:
    seeds = {name: office.place / f"seed-{name}" for name in ("north", "south", "neutral")}
    for name, path in seeds.items():
        office.ask(name, "batches", "seed", "--out", str(path))
        assert path.stat().st_mode & 0o077 == 0
    assert office.refused("north", "batches", "reveal", "--seed", seeds["north"].read_text().strip()).startswith(
        "batches."
    )
    office.post()
    wrong = office.refused("north", "batches", "reveal", "--seed", seeds["south"].read_text().strip())
    assert wrong.startswith("batches.")
    office.ask("north", "batches", "reveal", "--seed", seeds["north"].read_text().strip())


def test_an_act_may_be_said_as_a_sentence(office: Office) -> None:
    assert office.refused("north", "say", "agrees to the terms") == "terms.unknown"
    office.ask("north", "say", "proposes terms: 3 for 3", "--text", "en=Three for three.")
    office.post()
    office.ask("south", "say", "agrees to the terms")
    found = office.do("south", "say", "agrees to everything", "--json")
    assert (found.exit, found.json["code"]) == (2, "cli.value")


def test_an_act_may_be_given_as_a_file(office: Office) -> None:
    body = office.place / "body.json"
    body.write_text('{"reason": "weather"}')
    assert office.ask("north", "suspend", "--body", str(body), "--dry-run")["deed"]["reason"] == "weather"
    for text in ('{"reason": 3}', '{"reasons": "weather"}', "[]", "{", '{"reason": 1.5}'):
        body.write_text(text)
        assert office.do("north", "suspend", "--body", str(body)).exit == 2, text


def test_the_doctor_finds_a_new_desk_well(office: Office) -> None:
    looked = {one["about"]: one["state"] for one in office.ask("neutral", "doctor")["looked_at"]}
    assert looked["record"] == looked["disk"] == looked["rules"] == looked["program"] == "well"
    assert looked["roots"] == "look"


def test_a_record_is_checked_against_roots_that_came_by_another_way(office: Office) -> None:
    record, roots = office.stick / "record", office.place / "roots.txt"
    office.ask("neutral", "bundle", "export", str(record), "--from", "0")
    office.ask("south", "case", "roots", "--out", str(roots))
    words = ("check", str(record), "--roots", str(roots), "--json")
    found = typed(*words)
    assert (found.exit, found.json["size"]) == (0, office.ask("neutral", "desk", "show")["checkpoint"])
    genuine = record.read_bytes()
    at = genuine.index(b'"issue_mandate"')
    for forged, code in (
        (genuine[: at + 3] + b"z" + genuine[at + 4 :], 5),
        (genuine[:-9], 3),  # no whole bundle: the answer that an import gives
        (genuine[100:], 3),
    ):
        record.write_bytes(forged)
        assert typed(*words).exit == code
    record.write_bytes(genuine)
    roots.write_text(roots.read_text().replace("north party 2", "north party 1"))
    assert typed(*words).exit == 5
