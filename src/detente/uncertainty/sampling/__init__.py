"""How codings are drawn: designs of shares between 0 and 1, and what correlates them."""
