"""What figures mean: the rows of the catalogue, the gate, the words, and what a call may send."""
