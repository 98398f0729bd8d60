"""The live machine: writes facts, never judges."""
