"""What the channels of an image are called."""

from PySide6.QtCore import QCoreApplication

from core.image.model import Image


def channel_name(number: int) -> str:
    """Of a channel of which nothing is known; number: from 0."""
    return QCoreApplication.translate("Channels", "Channel {}").format(number + 1)


def channel_names(image: Image) -> list[str]:
    """A name for each channel: the file's own, or a number from 1 on; colours for an RGB image."""
    if image.is_rgb:
        return [QCoreApplication.translate("Channels", c) for c in ("Red", "Green", "Blue")]
    told = [channel.name for channel in image.channel_info[: image.channels]]
    told += [""] * (image.channels - len(told))
    return [name or channel_name(number) for number, name in enumerate(told)]
