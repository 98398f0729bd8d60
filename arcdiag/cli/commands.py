"""All commands, and what `arcdiag --help` says of the program; plain text, so that to show it takes no library."""

from __future__ import annotations

ABOUT = "Find the root cause when an Azure Arc-enabled server cannot connect, and prove it."
OPTIONS = {
    "--version": "Show the version and exit.",
    "--debug": "Show a traceback for an internal error.",
    "-h, --help": "Show this message and exit.",
}
"""As click words them."""
HELP_NAMES = ("-h", "--help")
WIDEST = 100
"""Columns; a wider terminal gets lines of this length."""

COMMANDS: dict[str, tuple[str, str]] = {
    "collect": ("arcdiag.cli.collect", "Examine this machine and write a case and a report."),
    "analyze": ("arcdiag.cli.analyze", "Name the root cause in logs, a bundle or pasted text."),
    "probe": ("arcdiag.cli.probe", "Test every endpoint that this machine's agent needs, layer by layer."),
    "explain": ("arcdiag.cli.explain", "Explain a code, a cause or a message."),
    "compare": ("arcdiag.cli.compare", "Show what changed between two reports or cases."),
    "redact": ("arcdiag.cli.redact", "Copy a case without secrets, on request without names and addresses."),
    "rules": ("arcdiag.cli.rules", "List and check the rules, write and pack your own."),
    "fleet": ("arcdiag.cli.fleet", "Analyse many bundles at once, and see what they share."),
    "completion": ("arcdiag.cli.completion", "Print the script that completes commands in a shell."),
}
"""Name to the module whose `command` it is, and to its line in the list of commands."""
