"""The space around the content of a panel, so that it stands below the title of its dock."""

PANEL_MARGINS = (4, 4, 4, 4)
"""Left, top, right, bottom; logical pixels."""
