"""MMS centres: the simulated network for applications, other centres and handsets of any make."""
