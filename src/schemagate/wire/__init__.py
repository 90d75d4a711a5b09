"""What travels between a client and a schema registry, and what stands before a message's bytes."""
