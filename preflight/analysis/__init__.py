"""What pictures and sound tell: algorithms on arrays, and the taps that feed them."""
