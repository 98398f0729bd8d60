"""arcdiag: finds the root cause when an Azure Arc-enabled server cannot connect, and proves it."""

__version__ = "0.1.0"
