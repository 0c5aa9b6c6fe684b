"""Exports: which files, written whole, read back by another reader, with a manifest beside them."""
