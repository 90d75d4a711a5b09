"""Changes to a schema, made in its own text."""
