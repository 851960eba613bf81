"""Efficient outcomes by combining issues: partial frontiers instead of a walk."""
