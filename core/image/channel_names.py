"""What the channels of an image are called, in the window and in tables."""

from core.image.model import Image

_COLOURS = ("Red", "Green", "Blue")


def channel_name(number: int) -> str:
    """Of a channel of which nothing is known; number: from 0."""
    return f"Channel {number + 1}"


def channel_names(image: Image) -> tuple[str, ...]:
    """A name for each channel: the file's own, or a number from 1 on; colours for an RGB image."""
    if image.is_rgb:
        return _COLOURS[: image.channels]
    names = [channel_name(number) for number in range(image.channels)]
    for number, channel in enumerate(image.channel_info[: image.channels]):
        names[number] = channel.name or names[number]
    return tuple(names)
