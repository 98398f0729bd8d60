"""Builds a CPython that runs on any Linux with glibc 2.17 or newer, from Debian's sources with the compiler of Zig.

Zig's compiler links against the symbols of whatever glibc it is asked for, so that no old system is needed to build on.
The interpreter is the one of Debian 12, that the tests run under, with its OpenSSL.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
from pathlib import Path

from tools.release import debian
from tools.release.packages import installed
from tools.release.places import LOCKS
from tools.release.run import run
from tools.release.store import kept

GLIBC = "2.17"
MINOR = "3.11"
SOURCES = ("zlib", "bzip2", "xz-utils", "libffi", "openssl", f"python{MINOR}")
_FLAGS = "-O2 -g0 -fPIC -fno-sanitize=all -w"
_EPOCH = "1700000000"
# A prefix that is everywhere the same and nowhere there: the place of a build must not be seen in what is built.
_PREFIX = "/nonexistent/arcdiag"
# Ciphers and protocols that Go's TLS, which the agent uses, has never had; leaving them out saves a third of the time.
_OPENSSL_WITHOUT = ("tests", "engine", "module", "dtls", "comp", "srp", "cms", "ts", "idea", "seed", "camellia", "aria",
                    "bf", "cast", "whirlpool", "sm2", "sm3", "sm4", "ct", "cmp")  # fmt: skip
_NO_MODULES = "nis _sqlite3 _tkinter readline _curses _curses_panel _dbm _gdbm ossaudiodev spwd audioop _crypt _uuid"
# The linker of Zig knows no -h; a library of libraries needs at least one source file there; PyInstaller compiles what
# it takes of the standard library itself.
_MAKEFILE = (
    ("$(DESTDIR)$(LIBDEST)/compileall.py", "-c ''"),
    ("-Wl,-h", "-Wl,-soname,"),
    ("\t$(BLDSHARED) $(NO_AS_NEEDED) -o $@ -Wl,-soname,$@ $^", "\t$(LN) -sf libpython$(LDVERSION).so $@"),
)
_SETUP = (
    # Headers and libraries of the system that builds are those of its own glibc.
    ("self.add_multiarch_paths()", "pass"),
    ("system_include_dirs = ['/usr/include']", "system_include_dirs = []"),
    ("system_lib_dirs = ['/lib64', '/usr/lib64', '/lib', '/usr/lib']", "system_lib_dirs = []"),
    # A security patch includes a header of the core; Debian itself builds this module into the core.
    (
        "Extension('pyexpat', sources=['pyexpat.c'])",
        "Extension('pyexpat', sources=['pyexpat.c'], extra_compile_args=['-DPy_BUILD_CORE_MODULE'])",
    ),
)


def old_glibc_python() -> Path:
    """The folder of the interpreter (`bin/python3`, `sources.json`); built if it is not there (4 minutes, 2 cores)."""
    # The steps, not their layout: a build for another line break would be one too many.
    recipe = [ast.dump(ast.parse(Path(path).read_text(encoding="utf-8"))) for path in (__file__, debian.__file__)]
    return kept("python", [*recipe, (LOCKS / "toolchain.txt").read_text(encoding="utf-8")], _build)


def _build(folder: Path) -> None:
    work = folder / "work"
    work.mkdir()
    tools = _compiler(work)
    sources = debian.unpacked_sources(SOURCES, work)
    env = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "LC_ALL": "C.UTF-8",
        "SOURCE_DATE_EPOCH": _EPOCH,
        "CC": str(tools / "cc"),
        "AR": str(tools / "ar"),
        "RANLIB": str(tools / "ranlib"),
        "CFLAGS": _FLAGS,
        "ZIG_GLOBAL_CACHE_DIR": str(work / "zig-global"),
        "ZIG_LOCAL_CACHE_DIR": str(work / "zig-local"),
    }
    places = {name: path for name, (_, path) in sources.items()}
    _small_libraries(places, folder, env)
    _openssl(places["openssl"], folder, env)
    _python(places[f"python{MINOR}"], folder, env)
    versions = {name: version for name, (version, _) in sources.items()}
    (folder / "sources.json").write_text(json.dumps(versions, indent=1, sort_keys=True), encoding="utf-8")
    shutil.rmtree(work)
    _trim(folder)


def _compiler(work: Path) -> Path:
    zig = installed("toolchain", work / "zig") / "ziglang" / "zig"
    tools = work / "tools"
    tools.mkdir()
    for name, arguments in (("cc", f"cc -target x86_64-linux-gnu.{GLIBC}"), ("ar", "ar"), ("ranlib", "ranlib")):
        script = tools / name
        script.write_text(f'#!/bin/sh\nexec "{zig}" {arguments} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    return tools


def _make(place: Path, env: dict[str, str], *targets: str) -> None:
    run(["make", f"-j{os.cpu_count()}", *targets], cwd=place, env=env)


def _small_libraries(places: dict[str, Path], prefix: Path, env: dict[str, str]) -> None:
    run(["./configure", f"--prefix={prefix}", "--static"], cwd=places["zlib"], env=env)
    _make(places["zlib"], env, "libz.a")
    run(["make", "install"], cwd=places["zlib"], env=env)
    variables = [f"{name}={env[name]}" for name in ("CC", "AR", "RANLIB")]
    _make(places["bzip2"], env, "libbz2.a", *variables, f"CFLAGS={_FLAGS} -D_FILE_OFFSET_BITS=64")
    shutil.copy(places["bzip2"] / "bzlib.h", prefix / "include")
    shutil.copy(places["bzip2"] / "libbz2.a", prefix / "lib")
    static = ["./configure", "--host=x86_64-linux-gnu", f"--prefix={prefix}", "--disable-shared", "--enable-static"]
    programs = [f"--disable-{name}" for name in ("xz", "xzdec", "lzmadec", "lzmainfo", "scripts", "doc", "nls")]
    # Trampolines of libffi in a file of their own need what glibc 2.17 has not.
    callbacks = ["--disable-docs", "--disable-multi-os-directory", "--disable-exec-static-tramp"]
    for name, options in (("xz-utils", programs), ("libffi", callbacks)):
        run([*static, *options], cwd=places[name], env=env)
        _make(places[name], env)
        run(["make", "install"], cwd=places[name], env=env)


def _openssl(place: Path, prefix: Path, env: dict[str, str]) -> None:
    # Neither a policy of the system nor its certificates steer this copy: the agent, a Go program, heeds neither.
    nowhere = f"--openssldir={_PREFIX}/ssl"
    without = [f"no-{name}" for name in _OPENSSL_WITHOUT]
    shared = {**env, "CFLAGS": ""}
    options = [f"--prefix={_PREFIX}", "--libdir=lib", nowhere, "shared", *without, *_FLAGS.split()]
    run(["./Configure", "linux-x86_64", *options], cwd=place, env=shared)
    # The target of both kinds of libraries would compile every file twice.
    _make(place, shared, "build_generated")
    _make(place, shared, "libcrypto.so", "libssl.so")
    shutil.copytree(place / "include" / "openssl", prefix / "include" / "openssl")
    for name in ("libcrypto.so", "libssl.so"):
        shutil.copy(place / f"{name}.3", prefix / "lib")
        (prefix / "lib" / name).symlink_to(f"{name}.3")


def _python(place: Path, prefix: Path, env: dict[str, str]) -> None:
    _edit(place / "Makefile.pre.in", _MAKEFILE)
    _edit(place / "setup.py", _SETUP)
    (place / "Modules" / "Setup.local").write_text(f"*disabled*\n{_NO_MODULES}\n", encoding="ascii")
    own = {
        **env,
        "CFLAGS": f"-g0 -fno-sanitize=all -w -I{prefix}/include",
        "CPPFLAGS": f"-I{prefix}/include",
        "LDFLAGS": f"-L{prefix}/lib",
        "LD_LIBRARY_PATH": f"{prefix}/lib",
        "PKG_CONFIG_LIBDIR": f"{prefix}/lib/pkgconfig",
    }
    options = ("--enable-shared", "--without-ensurepip", "--disable-test-modules", "--with-system-ffi")
    run(["./configure", f"--prefix={_PREFIX}", f"--with-openssl={prefix}", *options, "OPT=-DNDEBUG -O2"], place, own)
    _make(place, own)
    run(["make", "install", f"DESTDIR={prefix}"], cwd=place, env=own)
    shutil.copytree(f"{prefix}{_PREFIX}", prefix, symlinks=True, dirs_exist_ok=True)
    shutil.rmtree(prefix / Path(_PREFIX).parts[1])


def _edit(path: Path, changes: tuple[tuple[str, str], ...]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"{path.name}: {old}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def _trim(prefix: Path) -> None:
    """Leave out what only builds need, and see that the interpreter runs from where it stands now."""
    for name in ("libpython3.11.a", "liblzma.a", "libz.a", "libbz2.a", "libffi.a"):
        (prefix / "lib" / name).unlink(missing_ok=True)
    for folder in ("test", "idlelib", "tkinter", "turtledemo", "lib2to3", f"config-{MINOR}-x86_64-linux-gnu"):
        shutil.rmtree(prefix / "lib" / f"python{MINOR}" / folder, ignore_errors=True)
    check = "import bz2, ctypes, hashlib, lzma, pyexpat, ssl, zlib"
    run([*python_command(prefix), "-c", check], env=python_env(prefix))


def python_command(prefix: Path) -> list[str]:
    """The interpreter; run it with the environment of `python_env`."""
    return [str(prefix / "bin" / "python3")]


def python_env(prefix: Path) -> dict[str, str]:
    """What it needs to find its libraries."""
    kept_names = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept_names, "LC_ALL": "C.UTF-8", "LD_LIBRARY_PATH": str(prefix / "lib"), "PYTHONHOME": str(prefix)}
