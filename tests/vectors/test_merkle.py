"""The Merkle tree of RFC 6962 against the 196 proofs of transparency-dev and the roots of the RFC's reference log."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from parley.record.log import EMPTY_ROOT, Frontier, Tree, leaf_hash, verify_consistency, verify_inclusion

# Leaves and roots of the certificate-transparency reference implementation, which RFC 6962's proofs are shown with.
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def cases(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in sorted(folder.rglob("*.json"))]


def read(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def path(case: dict[str, Any]) -> list[bytes]:
    return [read(one) for one in case["proof"] or ()]


def test_inclusion_proofs(shared: Path) -> None:
    found = cases(shared / "vectors" / "merkle_rfc6962" / "testdata" / "inclusion")
    assert len(found) == 98
    for case in found:
        held = verify_inclusion(
            case["leafIdx"], case["treeSize"], read(case["leafHash"]), path(case), read(case["root"])
        )
        assert held == (not case["wantErr"]), case["desc"]


def test_consistency_proofs(shared: Path) -> None:
    found = cases(shared / "vectors" / "merkle_rfc6962" / "testdata" / "consistency")
    assert len(found) == 98
    for case in found:
        held = verify_consistency(case["size1"], case["size2"], read(case["root1"]), read(case["root2"]), path(case))
        assert held == (not case["wantErr"]), case["desc"]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_of_the_reference_log(size: int) -> None:
    tree, frontier = Tree(), Frontier()
    for entry in ENTRIES[:size]:
        tree.append(bytes.fromhex(entry))
        frontier.append_hash(leaf_hash(bytes.fromhex(entry)))
    assert tree.root().hex() == frontier.root().hex() == ROOTS[size - 1]


def test_an_empty_log_has_the_root_of_nothing() -> None:
    assert Tree().root() == Frontier().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
