"""gzip: what is inside, how much of it there is, and a look at all of it before anybody trusts it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, cast

from arcdiag.case.gunzip import Gunzip, TooManyPartsError
from arcdiag.case.limits import MAX_MEMBER_BYTES
from arcdiag.case.sniff import SNIFF_BYTES
from arcdiag.case.spool import Budget, check_ratio
from arcdiag.case.streams import DAMAGED

_BLOCK = 1024 * 1024


class CountedUnpacking(io.RawIOBase):
    """Unpacks a gzip stream and stops a bomb: reading raises TooMuchError beyond the ratio and beyond the budget.

    What is only read past counts as well as what is kept.
    """

    def __init__(self, packed: BinaryIO, packed_size: int, budget: Budget) -> None:
        self._unpacked = Gunzip(packed)
        self._packed_size = packed_size
        self._budget = budget
        self._room = budget.room
        self.count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes, EOFError or TooMuchError."""
        data = self._unpacked.some(_BLOCK if size is None or size < 0 else min(size, _BLOCK))
        self.count += len(data)
        self._budget.pass_bytes(len(data))
        check_ratio(self.count, self._packed_size)
        if self.count > self._room:
            self._budget.refuse()
        return data


@dataclass(frozen=True, slots=True)
class Packed:
    """`size`: unpacked bytes that can be read, at most one more than the cap; `whole`: nothing is cut off or broken.

    `capped`: why it is not read to its end although nothing is wrong with it.
    """

    size: int
    whole: bool
    capped: str = ""


class _Tolerant(io.RawIOBase):
    """Unpacked bytes up to the place where the packed data is damaged, which is then the end."""

    def __init__(self, packed: BinaryIO) -> None:
        self._unpacked = Gunzip(packed)
        self._packed = packed

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: object) -> int:
        """As `io.RawIOBase`."""
        try:
            return self._unpacked.readinto(buffer)
        except (OSError, *DAMAGED):
            return 0

    def close(self) -> None:
        """Close both streams."""
        self._packed.close()
        super().close()


def unpacked_head(opened: Callable[[], BinaryIO]) -> bytes:
    """The first unpacked bytes; empty if there are none or they are damaged."""
    with unpacking(opened) as stream:
        return stream.read(SNIFF_BYTES)


def measure(opened: Callable[[], BinaryIO], packed_size: int, budget: Budget) -> Packed:
    """Unpack once without keeping anything. Raises TooMuchError for a bomb."""
    with opened() as packed:
        stream = CountedUnpacking(packed, packed_size, budget)
        try:
            while stream.count <= MAX_MEMBER_BYTES and stream.read(_BLOCK):
                pass
        except TooManyPartsError as error:
            return Packed(stream.count, whole=True, capped=str(error))
        except (OSError, *DAMAGED):
            return Packed(stream.count, whole=False)
    if stream.count > MAX_MEMBER_BYTES:
        return Packed(stream.count, whole=True, capped=f"only its first {MAX_MEMBER_BYTES // 1024**3} GiB are read")
    return Packed(stream.count, whole=True)


def unpacking(opened: Callable[[], BinaryIO]) -> BinaryIO:
    """A fresh unpacked stream, which ends where the packed data is damaged."""
    return tolerant(opened())


def tolerant(packed: BinaryIO) -> BinaryIO:
    """`packed` unpacked, up to where it is damaged; closing closes it too."""
    return cast(BinaryIO, io.BufferedReader(_Tolerant(packed), _BLOCK))
