"""The embedded registry's rules without a world: a request in, an answer and the events that it causes out."""
