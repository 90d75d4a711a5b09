"""What an ``.avsc`` text says: its JSON value, its problems, and the place of everything in it."""
