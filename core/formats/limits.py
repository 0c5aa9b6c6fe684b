"""What the formats have in common at their edges."""

LARGEST_LABEL = 2**31 - 1
"""The largest number of an object that label images and projects hold."""
