"""The lattice of partial implementation, and what its outcomes are worth."""
