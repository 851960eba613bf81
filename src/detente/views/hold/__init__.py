"""Whether agreements would hold, as people read it: words, sentences, tables, pictures."""
