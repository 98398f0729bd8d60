"""A real file system that is slow, answers with errors or not at all: the kernel's FUSE, spoken by this process.

Needs root and /dev/fuse. A request that waits for good ends as one of a dead network share does: when the one who asked
is killed, or when the file system is thrown off.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

NEVER = float("inf")
_LOOKUP, _FORGET, _GETATTR, _OPEN, _READ, _STATFS, _RELEASE, _INIT = 1, 2, 3, 14, 15, 17, 18, 26
_OPENDIR, _READDIR, _RELEASEDIR, _INTERRUPT, _DESTROY, _BATCH_FORGET = 27, 28, 29, 36, 38, 42
_SILENT = (_FORGET, _BATCH_FORGET)
_DIRECT_IO = 1
_ROOT = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
_FORCE, _DETACH = 1, 2


@dataclass
class SlowFile:
    """`wait`: seconds before the answer to a read at an offset; `look`: an errno in place of the file's entry."""

    data: bytes
    wait: Callable[[int], float] = lambda offset: 0.0
    look: int = 0


@dataclass
class SlowDisk:
    """One folder of files. `listing`: seconds before its names are told."""

    files: dict[str, SlowFile]
    listing: float = 0.0
    reads: int = 0
    _fd: int = -1
    _hung: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def mounted(self, place: Path) -> Iterator[Path]:
        """Mount it at a folder for a while."""
        place.mkdir(parents=True, exist_ok=True)
        self._fd = os.open("/dev/fuse", os.O_RDWR)
        options = f"fd={self._fd},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()},allow_other"
        if _LIBC.mount(b"slow", os.fsencode(place), b"fuse", 0, options.encode()) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(place))
        server = threading.Thread(target=self._serve, daemon=True)
        server.start()
        try:
            yield place
        finally:
            # By force: everybody who still waits for an answer gets an error.
            _LIBC.umount2(os.fsencode(place), _FORCE | _DETACH)
            server.join(10)
            os.close(self._fd)

    def _serve(self) -> None:
        while True:
            try:
                request = os.read(self._fd, 256 * 1024)
            except OSError as error:
                if error.errno in (errno.EINTR, errno.EAGAIN, errno.ENOENT):
                    continue
                return
            length, opcode, unique, node = struct.unpack_from("<IIQQ", request)
            body = request[40:length]
            if opcode == _DESTROY:
                return
            if opcode == _INTERRUPT:
                self._interrupted(struct.unpack_from("<Q", body)[0])
            elif opcode not in _SILENT:
                self._answer(opcode, unique, node, body)

    def _answer(self, opcode: int, unique: int, node: int, body: bytes) -> None:
        names = sorted(self.files)
        if opcode == _INIT:
            reply = struct.pack("<IIIIHHIIHHI28x", 7, 31, 0, 0, 16, 12, 128 * 1024, 1, 32, 0, 0)
        elif opcode == _GETATTR:
            reply = struct.pack("<QII", 0, 0, 0) + self._attributes(node)
        elif opcode == _LOOKUP:
            self._look_up(unique, body.rstrip(b"\0").decode(), names)
            return
        elif opcode in (_OPEN, _OPENDIR):
            reply = struct.pack("<QII", 0, _DIRECT_IO if opcode == _OPEN else 0, 0)
        elif opcode == _READ:
            offset, size = struct.unpack_from("<8xQI", body)
            found = self.files[names[node - 2]]
            self.reads += 1
            self._later(unique, found.data[offset : offset + size], found.wait(offset))
            return
        elif opcode == _READDIR:
            offset = struct.unpack_from("<8xQ", body)[0]
            self._later(
                unique,
                b"".join(_entry(i, name) for i, name in enumerate(names))[:] if not offset else b"",
                self.listing,
            )
            return
        elif opcode in (_RELEASE, _RELEASEDIR):
            reply = b""
        elif opcode == _STATFS:
            reply = bytes(80)
        else:
            self._send(unique, b"", errno.ENOSYS)
            return
        self._send(unique, reply)

    def _look_up(self, unique: int, name: str, names: list[str]) -> None:
        found = self.files.get(name)
        error = errno.ENOENT if found is None else found.look
        if error:
            self._send(unique, b"", error)
            return
        node = names.index(name) + 2
        self._send(unique, struct.pack("<QQQQII", node, 0, 0, 0, 0, 0) + self._attributes(node))

    def _attributes(self, node: int) -> bytes:
        size = 0 if node == _ROOT else len(self.files[sorted(self.files)[node - 2]].data)
        mode = stat.S_IFDIR | 0o755 if node == _ROOT else stat.S_IFREG | 0o644
        when = 1_700_000_000
        return struct.pack(
            "<QQQQQQIIIIIIIIII",
            node,
            size,
            size // 512,
            when,
            when,
            when,
            0,
            0,
            0,
            mode,
            1,
            os.getuid(),
            os.getgid(),
            0,
            4096,
            0,
        )

    def _later(self, unique: int, data: bytes, seconds: float) -> None:
        if seconds == NEVER:
            with self._lock:
                self._hung.add(unique)
        elif seconds:
            timer = threading.Timer(seconds, self._send, (unique, data))
            timer.daemon = True
            timer.start()
        else:
            self._send(unique, data)

    def _interrupted(self, unique: int) -> None:
        with self._lock:
            waiting = unique in self._hung
            self._hung.discard(unique)
        if waiting:
            self._send(unique, b"", errno.EINTR)

    def _send(self, unique: int, data: bytes, error: int = 0) -> None:
        # Nobody may wait for it any more.
        with suppress(OSError):
            os.write(self._fd, struct.pack("<IiQ", 16 + len(data), -error, unique) + data)


def _entry(index: int, name: str) -> bytes:
    text = name.encode()
    return struct.pack("<QQII", index + 2, index + 1, len(text), 8) + text + bytes(-len(text) % 8)
