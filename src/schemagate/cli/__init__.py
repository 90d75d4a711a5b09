"""From argv to a request; the only place that prints or exits."""
