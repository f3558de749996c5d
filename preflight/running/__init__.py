"""One run from its first check to its last: order, deadlines, repeats, hand-in and the end."""
