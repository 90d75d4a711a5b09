"""The version, in the one place that the package metadata and ``--version`` both read."""

__version__ = "0.1.0"
