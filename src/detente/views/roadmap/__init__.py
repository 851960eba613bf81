"""In what order, as people read it: words, sentences, differences of orders, pictures."""
