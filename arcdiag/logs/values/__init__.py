"""Values of a machine that `collect` reads live and `analyze` finds recorded: decoded once, to the same facts."""
