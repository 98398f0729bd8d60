"""`arcdiag explain`: what a code, a cause or a message means, without any case."""

from __future__ import annotations

from pathlib import Path

import click

from arcdiag.cli.completing import complete_file, complete_what
from arcdiag.cli.language import lang_option
from arcdiag.cli.own_rules import rules_option


@click.command("explain")
@click.argument("what", shell_complete=complete_what)
@click.option("--agent-version", default=None, metavar="V", help="Meanings and commands of this agent version.")
@click.option("--os", "os_", type=click.Choice(("windows", "linux")), default=None, help="Only what concerns this OS.")
@rules_option()
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", help="What to print.")
@click.option("--case", default=None, metavar="CASE", shell_complete=complete_file,
              help="Show the cause WHAT against CASE: true, false or unknown.")  # fmt: skip
@lang_option
def command(
    what: str,
    agent_version: str | None,
    os_: str | None,
    own_rules: Path | None,
    format_: str,
    case: str | None,
    lang: str,
) -> int:
    """Explain WHAT: a code, an exit code, a cause id, or a message in quotes.

    \b
    arcdiag explain AZCM0042              a code of azcmagent or its installer
    arcdiag explain 1603                  an exit code, of whatever program
    arcdiag explain "curl 60"             that of one program
    arcdiag explain AADSTS7000222         an error of Microsoft Entra ID
    arcdiag explain ScopeLocked           an error of Azure Resource Manager
    arcdiag explain proxy-unreachable     a cause: proof, look-alikes, repair
    arcdiag explain "no such host"        a message from a log
    arcdiag explain proxy-unreachable --case srv.zip   each of its proofs against a case
    """
    from arcdiag.cli.answer import Question, answer

    asked = Question(what, lang, agent_version, os_, own_rules, format_ == "json", case)
    click.echo(answer(asked), nl=False)
    return 0
