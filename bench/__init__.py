"""Measures schemagate against peers that do the same duty, in the same run: ``python -m bench``."""
