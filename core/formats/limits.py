"""What the formats have in common at their edges."""

NEGLIGIBLE_PX = 1e-3
"""What a vertex moves by less when its digits are cut, nobody needs to know."""
LARGEST_LABEL = 2**31 - 1
"""The largest number of an object that label images and projects hold."""
