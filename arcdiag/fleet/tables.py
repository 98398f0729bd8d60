"""The tables of a fleet: their columns, and what these mean. Times are UTC; null is what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

TEXT, TEXTS, WHOLE, REAL, TIME, FLAG = "text", "texts", "whole", "real", "time", "flag"
"""Types of columns: `texts` is a list, `whole` a number of 64 bits, `time` a moment in UTC (the type names no zone)."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `type` is one of those above."""

    name: str
    type: str
    means: str


_KEY = (
    Column("bundle", TEXT, "SHA-256 of the bundle's bytes; `source:` and a hash where they could not be read"),
    Column("run", WHOLE, "number of the run that wrote the row; each run of `fleet analyze` counts one up"),
)

TABLES: Mapping[str, tuple[Column, ...]] = {
    "machines": (
        *_KEY,
        Column("source", TEXT, "path or URL of the bundle, without secrets"),
        Column("size", WHOLE, "bytes of the bundle as it lies there; -1 not known"),
        Column("host", TEXT, "host name of the machine"),
        Column("name", TEXT, "what to call the machine: its host name, else its resource's name"),
        Column("os", TEXT, "`windows`, `linux` or `unknown`"),
        Column("agent_version", TEXT, "version of the Connected Machine agent"),
        Column("vm_id", TEXT, "the id by which Azure Arc knows the machine"),
        Column("cert_thumbprint", TEXT, "SHA-1 of the certificate of the agent's identity"),
        Column("tenant", TEXT, "tenant id"),
        Column("subscription", TEXT, "subscription id"),
        Column("resource_group", TEXT, "resource group"),
        Column("resource_id", TEXT, "whole resource id"),
        Column("region", TEXT, "Azure region"),
        Column("cloud", TEXT, "Azure cloud"),
        Column("proxy", TEXT, "the proxy that the agent uses, without a password"),
        Column("status", TEXT, "the agent's own word (`Connected`, `Disconnected`, `Expired`)"),
        Column("verdict", TEXT, "`healthy`, `recovered`, `problem`, `inconclusive`; null where there is an error"),
        Column("exit_code", WHOLE, "what `arcdiag analyze` of this bundle exits with"),
        Column("cause", TEXT, "id of the first current cause: the answer"),
        Column("causes", WHOLE, "how many causes are current"),
        Column("onset", TIME, "since when the first current cause acts; null where only a local time is known"),
        Column("onset_text", TEXT, "the same as the logs have it; without Z it is local time of an unknown offset"),
        Column("now", TIME, "the case's own newest time"),
        Column("now_text", TEXT, "the same as the case has it"),
        Column("error", TEXT, "why there is no diagnosis; null where there is one"),
        Column("again", FLAG, "the error may pass (not readable, a worker died): the next run tries again"),
        Column("seconds", REAL, "how long its analysis took"),
        Column("tool_version", TEXT, "arcdiag's version"),
        Column("rules_version", TEXT, "version and hash of the rules"),
    ),
    "causes": (
        *_KEY,
        Column("rank", WHOLE, "place in the report; the lowest that is current is the answer"),
        Column("cause", TEXT, "id of the cause"),
        Column("title", TEXT, "its title in English"),
        Column("layer", TEXT, "where it lies (`network`, `proxy`, `tls`, `identity`, ...)"),
        Column("confidence", TEXT, "`confirmed`, `likely` or `possible`"),
        Column("state", TEXT, "`current` or `past`"),
        Column("impact", TEXT, "`offline`, `feature` or `none`"),
        Column("subject", TEXT, "what it concerns first"),
        Column("subjects", TEXTS, "all that it concerns"),
        Column("steps", TEXTS, "what it breaks"),
        Column("since", TIME, "its first sign"),
        Column("since_text", TEXT, "the same as the logs have it"),
        Column("last_seen", TIME, "its last sign"),
        Column("last_seen_text", TEXT, "the same as the logs have it"),
        Column("summary", TEXT, "what it is, in one or two English sentences"),
    ),
    "codes": (
        *_KEY,
        Column("code", TEXT, "a code that the logs print (`AZCM0042`, `AADSTS7000222`)"),
        Column("meaning", TEXT, "what it means for this agent"),
        Column("count", WHOLE, "how often it stands there"),
        Column("explained_by", TEXT, "id of the cause that explains it"),
    ),
    "endpoints": (
        *_KEY,
        Column("host", TEXT, "the endpoint"),
        Column("role", TEXT, "what it is for"),
        Column("required", FLAG, "whether the agent needs it"),
        Column("path", TEXT, "`direct`, `proxy` or `gateway`"),
        Column("failing_layer", TEXT, "`dns`, `tcp`, `proxy`, `tls`, `http`; null where none fails"),
        Column("detail", TEXT, "what the failing layer answered"),
        Column("milliseconds", WHOLE, "of all layers together; null where no time was taken"),
    ),
    "traits": (
        *_KEY,
        Column("name", TEXT, "`proxy`, `subscription`, `region`, `policy.fips`, ...: what machines can have in common"),
        Column("value", TEXT, "its value"),
    ),
}


def schema(table: str) -> pa.Schema:
    """The Arrow schema of a table."""
    import pyarrow as pa

    types = {
        TEXT: pa.string(),
        TEXTS: pa.list_(pa.string()),
        WHOLE: pa.int64(),
        REAL: pa.float64(),
        TIME: pa.timestamp("us"),
        FLAG: pa.bool_(),
    }
    return pa.schema([(column.name, types[column.type]) for column in TABLES[table]])


def described() -> str:
    """All tables and columns as text, one column a line."""
    lines = []
    for table, columns in TABLES.items():
        lines.append(table)
        lines += [f"  {column.name:<16} {column.type:<6} {column.means}" for column in columns]
    return "\n".join(lines) + "\n"
