"""A conflict as a graph: its states, who can move between them, what each prefers."""
