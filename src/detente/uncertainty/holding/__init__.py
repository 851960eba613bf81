"""In which codings each party stays in one outcome: its stability, many codings at once."""
