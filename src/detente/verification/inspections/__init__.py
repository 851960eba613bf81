"""Where and when inspectors look: leadership, shared stakes, rotation, the sequential game."""
