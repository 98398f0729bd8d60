"""`arcdiag completion`: the script that teaches a shell to complete arcdiag's commands."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish", "powershell")
PROGRAM, VARIABLE = "arcdiag", "_ARCDIAG_COMPLETE"


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the script that completes arcdiag's commands, options, causes, codes and files in SHELL.

    \b
    bash        eval "$(arcdiag completion bash)"            in ~/.bashrc
    zsh         eval "$(arcdiag completion zsh)"             in ~/.zshrc, after compinit
    fish        arcdiag completion fish | source             in ~/.config/fish/config.fish
    PowerShell  arcdiag completion powershell | Out-String | Invoke-Expression    in $PROFILE
    """
    from click.shell_completion import get_completion_class

    root = click.get_current_context().find_root().command
    kind = get_completion_class(shell)
    if kind is None:
        raise RuntimeError(f"click has no completion for {shell}")
    # The same bytes on every system: a script with CRLF breaks in bash.
    click.echo(kind(root, {}, PROGRAM, VARIABLE).source().encode(), nl=False)
