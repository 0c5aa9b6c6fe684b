"""The measurement view: numbers of all objects as a table and as plots that select."""
