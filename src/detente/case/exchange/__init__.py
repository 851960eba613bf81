"""Other people's files: scoring workbooks and Genius XML, read and written; GMCR+ models, read."""
