"""Whether it is wise: every rule a value, its documentation and its examples beside it."""
