"""Concepts of stability: who stays where, given what others could do about it."""
