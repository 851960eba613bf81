"""Results in a notebook: sentences, tables and a chart that need no scripts and no network."""
