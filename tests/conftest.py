"""What every test may ask for: the shared reference texts, and how long the property tests search."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

CHECKOUT = Path(__file__).resolve().parents[1]

# No deadline anywhere: speed is measured in bench/, never asserted in a test. In CI the same code meets the same
# examples, so that a red run is about the change; at a desk every run searches further.
settings.register_profile(
    "quick",
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("quick"), derandomize=False, max_examples=1000)
settings.load_profile("quick")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference texts and test vectors that lies beside the checkout; tests skip where it does not."""
    folder = CHECKOUT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the reference vectors in a folder `shared` beside the checkout; it is not there")
    return folder
