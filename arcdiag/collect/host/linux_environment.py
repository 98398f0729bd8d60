"""The places of a Linux machine where a proxy may be set for programs and for the agent's services."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from arcdiag.collect.host.environment import (
    parse_env_block,
    parse_env_file,
    parse_shell,
    parse_systemd,
    selected,
    split_assignments,
)
from arcdiag.collect.host.linux_package_proxies import package_proxy_places
from arcdiag.collect.host.linux_texts import CAP, text_of, texts
from arcdiag.collect.host.platform import EnvironmentRaw
from arcdiag.model.reading import Reading, absent, failed

SYSTEMD_DIRS = ("etc/systemd", "run/systemd", "usr/lib/systemd", "lib/systemd")
"""First one wins where two hold a file of the same name."""
_MOST_SCRIPTS = 100
# The program of each service, as /proc/PID/comm shows it (15 characters); gcad and extd run the same program.
_PROGRAMS = {"himds": "himds", "arcproxy": "arcproxy"}

Place = tuple[str, Reading[EnvironmentRaw]]


def environment_places(root: Path, units: Mapping[str, str]) -> list[Place]:
    """All places in a fixed order; `units` maps logical service names to units."""
    return [
        _process(),
        _system(root),
        *_login_shells(root),
        *_manager(root),
        *(_unit(root, service, unit) for service, unit in units.items()),
        *(_running(root, service, program) for service, program in _PROGRAMS.items()),
        *package_proxy_places(root),
    ]


def _process() -> Place:
    return "process", _place("process", "process", os.environ)


def _place(place: str, kind: str, variables: Mapping[str, str], service: str | None = None) -> Reading[EnvironmentRaw]:
    kept = selected(variables)
    if not kept:
        return absent("no proxy is set here")
    return Reading.of(EnvironmentRaw(place, kind, kept, service))


def _system(root: Path) -> Place:
    place = "/etc/environment"
    try:
        return place, _place(place, "system", parse_env_file(text_of(root / "etc/environment")))
    except OSError as error:
        return place, failed(error, place)


def _login_shells(root: Path) -> Iterator[Place]:
    """What login shells are given: services do not have it, yet it is the usual place for a network's proxy."""
    scripts = sorted((root / "etc/profile.d").glob("*.sh"))[:_MOST_SCRIPTS]
    for place, text in texts(root, [root / "etc/profile", *scripts]):
        if isinstance(text, OSError):
            yield place, failed(text, place)
        elif selected(variables := parse_shell(text)):
            yield place, _place(place, "system", variables)


def _manager(root: Path) -> Iterator[Place]:
    """`DefaultEnvironment` of systemd's own configuration: it reaches every service."""
    files = [root / "etc/systemd/system.conf", *_drop_ins(root, "system.conf.d")]
    for place, text in texts(root, files):
        if isinstance(text, OSError):
            yield place, failed(text, place)
        else:
            yield place, _place(place, "manager", _joined(parse_systemd(text, ["DefaultEnvironment"])))


def _drop_ins(root: Path, folder: str) -> list[Path]:
    """The `*.conf` files of a drop-in folder as systemd reads them: by name, the first folder wins."""
    found: dict[str, Path] = {}
    for base in SYSTEMD_DIRS:
        for path in sorted((root / base / folder).glob("*.conf")):
            found.setdefault(path.name, path)
    return [found[name] for name in sorted(found)]


def unit_file(root: Path, unit: str) -> Path | None:
    """The unit's own file, None if no folder of systemd has it."""
    candidates = (root / base / "system" / unit for base in SYSTEMD_DIRS)
    return next((path for path in candidates if path.is_file()), None)


def _unit(root: Path, service: str, unit: str) -> Place:
    own = unit_file(root, unit)
    if own is None:
        return unit, absent("no unit file")
    try:
        files = [own, *_drop_ins(root, f"system/{unit}.d")]
        settings = [s for path in files for s in parse_systemd(text_of(path), ["Environment", "EnvironmentFile"])]
        variables = _joined([s for s in settings if s[0] == "Environment"])
        for name, value in settings:
            if name == "EnvironmentFile" and value:
                variables |= _env_file(root, value)
    except OSError as error:
        return unit, failed(error, unit)
    return unit, _place(unit, "service", variables, service)


def _env_file(root: Path, value: str) -> dict[str, str]:
    path = root / value.removeprefix("-").lstrip("/")
    try:
        return parse_env_file(text_of(path))
    except FileNotFoundError:
        return {}


def _joined(settings: list[tuple[str, str]]) -> dict[str, str]:
    """Assignments in order; an empty one takes back all before it; `%%` is systemd's way to write `%`."""
    variables: dict[str, str] = {}
    for _, value in settings:
        variables = variables | split_assignments(value.replace("%%", "%")) if value else {}
    return variables


def _running(root: Path, service: str, program: str) -> Place:
    place = f"{service} process"
    reading: Reading[EnvironmentRaw] = absent("does not run")
    for folder in _processes(root):
        try:
            if (folder / "comm").read_text(encoding="utf-8", errors="replace").strip() != program:
                continue
            if _in_a_container(folder):
                continue
            block = (folder / "environ").read_bytes()[:CAP]
        except (FileNotFoundError, ProcessLookupError):
            continue
        except OSError as error:
            reading = failed(error, f"environment of {service}")
            continue
        # That it runs without a proxy is worth knowing too: what is configured now came too late for it.
        return place, Reading.of(EnvironmentRaw(place, "running", selected(parse_env_block(block)), service))
    return place, reading


def _in_a_container(folder: Path) -> bool:
    """Whether the process has a pid namespace below that of this machine: an agent there is another machine's.

    `NSpid:` has one number for each namespace from that of /proc down (proc_pid_status(5)); kernels before 4.1 have no
    such line.
    """
    try:
        status = (folder / "status").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return False
    numbers = next((line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:")), [])
    return len(numbers) > 1


def _processes(root: Path) -> list[Path]:
    try:
        numbers = [p for p in (root / "proc").iterdir() if p.name.isdigit()]
    except OSError:
        return []
    return sorted(numbers, key=lambda p: int(p.name))
