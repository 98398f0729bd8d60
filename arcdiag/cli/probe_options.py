"""What `collect` and `probe` let people say about the network, checked before anything is done."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from arcdiag.cli.completing import complete_cloud, complete_feature
from arcdiag.errors import InputError

if TYPE_CHECKING:
    from arcdiag.collect.host.proxy_url import ProxyUrl
    from arcdiag.collect.options import CollectOptions
    from arcdiag.collect.progress import Progress
    from arcdiag.knowledge.rule_set import RuleSet

LEAST_SECONDS, MOST_SECONDS = 1.0, 600.0
INTERRUPTED = 130
_PROXY_PROBLEMS = {
    "blank": "it holds a blank",
    "scheme-missing": "it has no scheme",
    "scheme-twice": "it begins with a scheme twice",
    "unsupported-scheme": "the agent knows http, https and socks5 only",
    "no-host": "it names no host",
    "bad-host": "its host is no name and no address",
    "bad-port": "its port is no number from 1 to 65535",
    "port-missing": "it has no port",
}
_OPTIONS = (
    click.option("--cloud", default=None, metavar="CLOUD", shell_complete=complete_cloud,
                 help="AzureCloud, AzureUSGovernment or AzureChinaCloud."),
    click.option("--location", default=None, metavar="REGION", help='Azure region, such as "East US 2" or eastus2.'),
    click.option("--private-link", is_flag=True, help="The machine is to use a private link scope."),
    click.option("--gateway-url", default=None, metavar="URL", help="The Arc gateway that the machine is to use."),
    click.option("--feature", "features", multiple=True, metavar="NAME", shell_complete=complete_feature,
                 help="Test also what a feature needs, such as esu, sql or ama; repeatable."),
    click.option("--direct", is_flag=True, help="Test also what would happen without a proxy."),
    click.option("--proxy", default=None, metavar="URL", help="Test also what would happen with this proxy."),
    click.option("--timeout", type=float, default=30.0, show_default=True, metavar="SECONDS",
                 help="For all checks together; logs get as long again to be copied."),
    click.option("--dry-run", is_flag=True, help="List every address, file and program, and do nothing."),
)  # fmt: skip


def network_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that say what is probed; all but --dry-run go to `checked_options` as they come."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def checked_options(
    rules: RuleSet,
    *,
    timeout: float,
    cloud: str | None,
    location: str | None,
    private_link: bool,
    gateway_url: str | None,
    features: Sequence[str],
    direct: bool,
    proxy: str | None,
) -> CollectOptions:
    """What was asked for. Raises InputError for what cannot be used."""
    from arcdiag.collect.options import CollectOptions

    if direct and proxy is not None:
        raise InputError("--direct and --proxy ask two questions: run the command once for each")
    chosen = checked_cloud(cloud)
    return CollectOptions(
        timeout=checked_timeout(timeout),
        cloud=chosen,
        region=checked_region(location),
        features=checked_features(features, rules),
        private_link=private_link,
        gateway=checked_gateway(gateway_url, chosen, rules),
        direct=direct,
        proxy=checked_proxy(proxy),
    )


def silence_libraries() -> None:
    """No warnings of libraries on standard error, unless Python was told to show them.

    Libraries hush some of them for a moment, each thread for all; where two do so at once, one is left loud.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def checked_timeout(seconds: float) -> float:
    """The value of --timeout. Raises InputError."""
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        raise InputError(f"--timeout: {LEAST_SECONDS:.0f} to {MOST_SECONDS:.0f} seconds are possible, not {seconds:g}")
    return seconds


def checked_cloud(text: str | None) -> str | None:
    """The value of --cloud as the catalogue writes it. Raises InputError."""
    from arcdiag.knowledge.endpoints import CLOUDS, normal_cloud

    cloud = normal_cloud(text) if text is not None else None
    if text is not None and cloud is None:
        raise InputError(f"--cloud: {text[:40]!r} is not known; one of {', '.join(CLOUDS)}")
    return cloud


def checked_region(text: str | None) -> str | None:
    """The value of --location as a region's token. Raises InputError."""
    from arcdiag.knowledge.endpoints import normal_region

    region = normal_region(text) if text is not None else None
    if text is not None and region is None:
        raise InputError(f"--location: {text[:40]!r} cannot be a region; give a name such as eastus2")
    return region


def checked_proxy(text: str | None) -> ProxyUrl | None:
    """The value of --proxy. Raises InputError, without a word of its credentials."""
    from arcdiag.collect.host.proxy_url import parse_proxy

    if text is None:
        return None
    url = parse_proxy(text)
    if url.problem is not None:
        why = _PROXY_PROBLEMS.get(url.problem, url.problem)
        raise InputError(f"--proxy: {url.shown[:80]!r} cannot be used: {why}; give it as http://host:port")
    if url.scheme == "socks5":
        raise InputError("--proxy: arcdiag does not speak SOCKS; give an HTTP proxy as http://host:port")
    return url


def checked_features(names: Sequence[str], rules: RuleSet) -> tuple[str, ...]:
    """The values of --feature, each once; several may stand in one, with commas. Raises InputError."""
    from difflib import get_close_matches

    from arcdiag.knowledge.endpoints import feature_ids

    known = feature_ids(rules)
    asked = [part.strip().lower() for name in names for part in name.split(",") if part.strip()]
    for name in asked:
        if name not in known:
            near = get_close_matches(name, known, 1, 0.5)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise InputError(f"--feature: {name[:40]!r} is not known; {hint}there are {', '.join(known)}")
    return tuple(dict.fromkeys(asked))


def checked_gateway(text: str | None, cloud: str | None, rules: RuleSet) -> str | None:
    """The host in the value of --gateway-url. Raises InputError."""
    from arcdiag.knowledge.endpoints import learnt_role

    if text is None:
        return None
    if cloud not in (None, "AzureCloud"):
        raise InputError(f"--gateway-url: there is no Arc gateway in {cloud}")
    host = text.strip().lower().removeprefix("https://").rstrip("/").removesuffix(":443")
    if learnt_role(rules, host, "AzureCloud") != "gateway":
        raise InputError(
            f"--gateway-url: {text[:80]!r} is no Arc gateway; give it as https://<prefix>.gw.arc.azure.com"
        )
    return host


def print_dry_run(rules: RuleSet, options: CollectOptions) -> None:
    """What would be sent, run and read. Only settings are read for it."""
    from arcdiag.collect.dry_run import dry_run_lines
    from arcdiag.collect.run import prepare, this_host
    from arcdiag.report.visible import visible

    host = this_host()
    _, plan = prepare(rules, options, host)
    for line in dry_run_lines(plan, host, options):
        click.echo(visible(line))


def progress_for(quiet: bool) -> Progress:
    """What people see while it runs, on standard error: a table on a terminal, lines elsewhere."""
    from arcdiag.collect.live_table import LiveTable, can_redraw
    from arcdiag.collect.progress import SilentProgress, TerminalProgress

    if quiet:
        return SilentProgress()
    return LiveTable() if can_redraw(sys.stderr) else TerminalProgress()
