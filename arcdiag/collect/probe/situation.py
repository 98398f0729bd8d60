"""What a plan is made from."""

from __future__ import annotations

from dataclasses import dataclass

from arcdiag.collect.host.settings import MachineSettings
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.probe.learnt import gateway_among
from arcdiag.knowledge.rule_set import RuleSet

DEFAULT_CLOUD = "AzureCloud"


@dataclass(frozen=True, slots=True)
class Situation:
    """The machine's settings, what was asked for, and what follows from both; `options` outrank the settings.

    `region` and `gateway` (a host) are None where nobody knows them.
    """

    rules: RuleSet
    settings: MachineSettings
    options: CollectOptions
    cloud: str
    region: str | None
    gateway: str | None

    @classmethod
    def of(cls, rules: RuleSet, settings: MachineSettings, options: CollectOptions) -> Situation:
        """From the machine's settings and normalised options."""
        cloud = options.cloud or settings.cloud or DEFAULT_CLOUD
        gateway = options.gateway or gateway_among(rules, settings.mentioned, cloud)
        return cls(rules, settings, options, cloud, options.region or settings.region, gateway)
