"""From the samples of a pixel as files store them to grey values or red, green and blue."""

import numpy as np

ALPHA_NOTE = "The transparency of this image is ignored."


def is_opaque(alpha: np.ndarray) -> bool:
    """Whether every value of an alpha channel (of any shape, also empty) is the largest one."""
    largest = np.iinfo(alpha.dtype).max if alpha.dtype.kind in "iu" else 1
    return bool((alpha == largest).all())


def without_equal_colours(rgb: np.ndarray) -> np.ndarray:
    """One channel of (H, W, 3) where all three are equal, as a grey palette makes them."""
    is_grey = np.array_equal(rgb[..., 0], rgb[..., 1]) and np.array_equal(rgb[..., 0], rgb[..., 2])
    return rgb[..., :1] if is_grey else rgb


def through_palette(indices: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """uint8 (H, W, 3), or (H, W, 1) if grey, of indices (H, W) into a TIFF palette (3, N).

    The palette holds 16-bit values; some programs write 8-bit ones. Raises IndexError.
    """
    shift = 8 if palette.max() > 255 else 0
    return without_equal_colours((palette >> shift).astype(np.uint8).T[indices])


def cmyk_to_rgb(cmyk: np.ndarray) -> np.ndarray:
    """(H, W, 3) of unsigned (H, W, 4), same dtype, by plain ink mixing without profiles."""
    largest = np.iinfo(cmyk.dtype).max
    light = (largest - cmyk).astype(np.float32)
    return np.rint(light[..., :3] * light[..., 3:] / largest).astype(cmyk.dtype)


def ycbcr_to_rgb(ycbcr: np.ndarray) -> np.ndarray:
    """uint8 (H, W, 3) of brightness and two colour differences around 128, as JPEG defines them."""
    light, blue, red = np.moveaxis(ycbcr.astype(np.float32), 2, 0)
    blue, red = blue - 128, red - 128
    green = light - 0.344136 * blue - 0.714136 * red
    rgb = np.stack([light + 1.402 * red, green, light + 1.772 * blue], axis=2)
    return np.asarray(np.rint(rgb).clip(0, 255), np.uint8)
