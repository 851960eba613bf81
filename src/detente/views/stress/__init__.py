"""What could break a package, as people read it: words, sentences, tables, pictures."""
