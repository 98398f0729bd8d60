"""A diagnosis in which every string that can come from outside is an attack."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from arcdiag.model.diagnosis import Diagnosis, EndpointSeen, Evidence, FactSeen, Fix, LayerSeen, SupportId
from arcdiag.model.message import Msg
from tests.report import samples

MARK = "zq9"
"""Stands in every attack, and nowhere else."""

ATTACKS = (
    f'"><script>{MARK}()</script><img src=x {MARK}=1 onerror={MARK}()>',
    f"</style></script></pre></textarea><{MARK} on{MARK}='1' style=color:red>",
    f"javascript:{MARK}() data:text/html,{MARK} http://{MARK}.example/ www.{MARK}.example",
    f"\x1b[31m\x1b]0;{MARK}\x07\x9b2J\x00\x08\r{MARK}\u202e\u2066\u200b\ufeff\u2028\x85\x7f",
    f"```\n{MARK}\n~~~\n# {MARK}\n- {MARK}\n`{MARK}` ``{MARK} **{MARK}** ![{MARK}](x) [{MARK}](y)"
    f" | {MARK} | &lt;{MARK}&gt;",
    f"@{MARK} #1{MARK} {MARK}/{MARK}#1 GH-9{MARK} [~{MARK}] [code]<b>{MARK}</b>[/code] {{code}}{MARK}{{code}}",
    f"{{{{ {MARK} }}}} {{% for {MARK} in x %}} {{# {MARK} #}} ${{{MARK}}} %({MARK})s {{{MARK}}}",
    f"{MARK}\ud800\udfff{MARK}",
    f"{MARK} " + "A" * 70_000,
    f"{MARK}" + "\x1b" * 5_000,
    f"{MARK}" + '"' * 5_000,
    "7" * 70_000 + MARK,
    f"{MARK} 에이전트 連接失敗 \U000e0041 👩‍💻 " + "漢" * 400,
)

# Closed vocabularies of the contract, which the engine sets and no log can.
_CLOSED = {
    Fix: ("os", "who"),
    EndpointSeen: ("path", "failing_layer"),
    LayerSeen: ("layer", "status"),
    FactSeen: ("group", "status"),
    SupportId: ("kind",),
}


def hostile(attack: str, base: Diagnosis | None = None) -> Diagnosis:
    """`base` (by default one with something in every section) with `attack` in place of every open string."""
    made: Diagnosis = _poisoned(base or everything(), attack)
    return replace(made, case=replace(made.case, os="linux"))


def everything() -> Diagnosis:
    """A diagnosis with something in every section."""
    whole, rest = samples.one_cause(), samples.inconclusive()
    return replace(
        whole,
        causes=(*whole.causes, samples.dns_cause()),
        endpoints=samples.endpoints(),
        unexplained=rest.unexplained,
        next_steps=rest.next_steps,
    )


def _poisoned(value: Any, attack: str) -> Any:
    if isinstance(value, Enum) or value is None:
        return value
    if isinstance(value, str):
        return attack
    if isinstance(value, Msg):
        return Msg(value.key, tuple((name, attack) for name, _ in value.args))
    if isinstance(value, tuple):
        return tuple(_poisoned(item, attack) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    kept = (*_CLOSED.get(type(value), ()), *(("layer",) if hasattr(value, "why_not_sure") else ()))
    changed = {f.name: _poisoned(getattr(value, f.name), attack) for f in fields(value) if f.name not in kept}
    if isinstance(value, Evidence):
        changed["span"] = (1, max(1, len(attack) // 2))
    return replace(value, **changed)
