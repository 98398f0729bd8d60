"""Errors that people are meant to read: one line that says what happened, where, and what to do."""

from __future__ import annotations


class ArcdiagError(Exception):
    """Base; `exit_code` is the contract of the outside."""

    exit_code = 4


class InputError(ArcdiagError):
    """Input that cannot be used."""

    exit_code = 2


class OutputError(ArcdiagError):
    """An output place that cannot be used."""

    exit_code = 2


class FullDiskError(ArcdiagError):
    """The disk filled up while writing; nothing half-written is left."""

    exit_code = 4


class SecretLeftError(ArcdiagError):
    """The last scan found a secret in the finished output; nothing is left there."""

    exit_code = 4
