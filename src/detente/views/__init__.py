"""Results to people: tables, charts, sentences and pages."""
