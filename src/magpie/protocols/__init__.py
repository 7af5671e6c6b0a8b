"""Bytes to events and back: no socket, no clock, no log. One codec serves both roles."""
