"""What all rules share: the kinds of their fields."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=80)]
Text = Annotated[str, Meta(min_length=1, max_length=4000)]
Who = Literal["server", "network", "identity", "azure"]
Os = Literal["any", "windows", "linux"]
Status = Literal["experimental", "stable", "deprecated"]
Names = dict[str, Any]
Layer = Literal[
    "network", "proxy", "tls", "clock", "private-link", "identity", "arm", "agent", "host", "install", "extension",
    "azure-vm", "patching",
]  # fmt: skip


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all rules: unknown fields are errors."""
