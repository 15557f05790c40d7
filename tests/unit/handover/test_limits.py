"""What is too large or has no name: refused before anything is read, and said."""

from unittest import mock

import pytest

from parley.handover import enrolling, joining, pack
from parley.handover.errors import BookBroken, EnrolBroken, PackBroken
from tests.vectors.renew_checkin import START


@pytest.mark.parametrize("name", ["neutral/Gate 2", "neutral/", "neutral/-gate", "gate-2", "neutral/gate:2"])
def test_a_device_without_a_plain_name_is_not_enrolled(name: str) -> None:
    with pytest.raises(EnrolBroken, match=r"enrol\.name"):
        enrolling.open_for(name, 1, START, bytes(16))


def test_a_file_larger_than_any_desk_or_device_makes_is_not_read() -> None:
    with mock.patch.object(pack, "MOST_BYTES", 10), pytest.raises(PackBroken, match=r"pack\.too_large"):
        pack.unlock(b"x" * 11, "482 911")
    with mock.patch.object(joining, "MOST_BYTES", 10), pytest.raises(BookBroken, match=r"book\.too_large"):
        joining.read_book(b"x" * 11)
