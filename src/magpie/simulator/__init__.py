"""A phone network in a box: carriers with their moods, and handsets that can be asked."""
