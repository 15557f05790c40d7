"""What sealing costs: seal and open 5 MB, beside bare ChaCha20-Poly1305 over the same bytes in the same run.

Both work with the same library; what is measured is what the file format, its 64 KiB chunks and the readers' keys add.
The pieces take turns within each round, so that a busy machine slows them alike; the first round is not counted.

    python bench/seal.py [--megabytes 5] [--runs 30] [--json]
"""

import argparse
import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable

import cryptography
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from parley.record.seal import generate_identity, seal, unseal

Work = dict[str, Callable[[], bytes]]

BASE = {"seal": "ChaCha20-Poly1305 encrypt", "open": "ChaCha20-Poly1305 decrypt"}


def work_on(data: bytes) -> Work:
    """The six pieces of work; each opening is checked once against the data before anything is measured."""
    cipher, nonce = ChaCha20Poly1305(bytes(32)), bytes(12)
    box = cipher.encrypt(nonce, data, None)
    hybrid, curve = generate_identity(hybrid=True), generate_identity(hybrid=False)
    to_hybrid, to_curve = hybrid.recipient, curve.recipient
    hybrid_blob, curve_blob = seal(data, [to_hybrid]), seal(data, [to_curve])
    work: Work = {
        BASE["seal"]: lambda: cipher.encrypt(nonce, data, None),
        BASE["open"]: lambda: cipher.decrypt(nonce, box, None),
        "seal, hybrid reader": lambda: seal(data, [to_hybrid]),
        "open, hybrid reader": lambda: unseal(hybrid_blob, [hybrid]),
        "seal, X25519 reader": lambda: seal(data, [to_curve]),
        "open, X25519 reader": lambda: unseal(curve_blob, [curve]),
    }
    for name, piece in work.items():
        if name.startswith("open") or name == BASE["open"]:
            assert piece() == data, name
    return work


def measure(work: Work, runs: int) -> dict[str, list[float]]:
    """Milliseconds of each piece in each round."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(runs + 1):
        for name, piece in work.items():
            begun = time.perf_counter_ns()
            piece()
            times[name].append((time.perf_counter_ns() - begun) / 1e6)
    return {name: list(found[1:]) for name, found in times.items()}


def summarise(times: dict[str, list[float]], size: int) -> list[dict[str, str | float]]:
    """One row per piece; the ratio is of medians, to the bare cipher doing the same direction."""
    rows: list[dict[str, str | float]] = []
    for name, found in times.items():
        base = name if name in BASE.values() else BASE[name.partition(",")[0]]
        median = statistics.median(found)
        rows.append(
            {
                "work": name,
                "min_ms": round(min(found), 3),
                "median_ms": round(median, 3),
                "max_ms": round(max(found), 3),
                "megabytes_per_second": round(size / 1e3 / median, 1),
                "ratio_to_bare_cipher": round(median / statistics.median(times[base]), 2),
            }
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Seal and open, beside the bare cipher.")
    parser.add_argument("--megabytes", type=int, default=5, help="size of the content in units of 1,000,000 bytes")
    parser.add_argument("--runs", type=int, default=30, help="counted rounds")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    options = parser.parse_args()
    size = options.megabytes * 1_000_000
    rows = summarise(measure(work_on(random.Random(5).randbytes(size)), options.runs), size)
    if options.json:
        about = {
            "bytes": size,
            "runs": options.runs,
            "python": platform.python_version(),
            "cryptography": cryptography.__version__,
            "machine": platform.machine(),
            "cores": os.cpu_count(),
        }
        print(json.dumps({"bench": "seal", **about, "rows": rows}, indent=1))
        return
    print(f"{size:,} bytes, {options.runs} rounds, cryptography {cryptography.__version__}, milliseconds")
    print(f"{'work':<28}{'min':>9}{'median':>9}{'max':>9}{'MB/s':>9}{'to bare':>9}")
    for row in rows:
        times = f"{row['min_ms']:>9.2f}{row['median_ms']:>9.2f}{row['max_ms']:>9.2f}"
        print(f"{row['work']:<28}{times}{row['megabytes_per_second']:>9.0f}{row['ratio_to_bare_cipher']:>9.2f}")


if __name__ == "__main__":
    main()
