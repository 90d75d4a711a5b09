"""The embedded registry: Confluent-compatible HTTP on loopback, one SQLite file."""
