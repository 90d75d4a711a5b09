"""What a schema means: nodes, names across files, and which part of the old one became which of the new."""
