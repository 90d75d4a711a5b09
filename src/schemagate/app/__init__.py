"""Use cases: read, call the core, hand back a value."""
