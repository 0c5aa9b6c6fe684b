"""What a TIFF file says of its images, from its tags and texts alone."""

from collections.abc import Sequence

import numpy as np
from tifffile import PHOTOMETRIC, TiffFile, TiffPageSeries

from core.image import pixel_size
from core.image.ome import OmeImage, read_ome
from core.image.source import Channel, Rgb, Scene
from core.image.tiff_axes import Layout
from core.image.tiff_colour import TINTING_KINDS, interpret


def scene_of(tif: TiffFile, series: TiffPageSeries, number: int, layout: Layout) -> Scene:
    """The series `number` of a file as a scene."""
    pixels, is_rgb = _meaning(series, layout)
    ome = _ome_of(tif, series, number)
    stated = ome.sizes if ome else _stated_size(tif, series)
    size, notes = pixel_size.single_size(stated)
    height, width = layout.height, layout.width
    if series.kind not in TINTING_KINDS and series.keyframe.tags.valueof(274, 1) in (5, 6, 7, 8):
        height, width = width, height
    for axis in layout.fixed:
        places = layout.sizes[axis]
        notes += (f"Only the first of {places} planes along the axis {axis} is shown.",)
    return Scene(
        width=width,
        height=height,
        dtype=pixels.dtype.newbyteorder("="),
        channels=_channels(tif, series, ome, pixels.shape[2]),
        times=layout.times,
        depths=layout.depths,
        is_rgb=is_rgb,
        name=(ome.name if ome else "") or series.name,
        pixel_size_um=size,
        z_step_um=ome.z_step_um if ome else _imagej_step(tif),
        interval_s=ome.interval_s if ome else _imagej_interval(tif),
        axes=series.axes,
        stored_shape=tuple(series.shape),
        notes=notes,
    )


def _meaning(series: TiffPageSeries, layout: Layout) -> tuple[np.ndarray, bool]:
    """What a few pixels of the series would become, and whether they are colours."""
    page = series.keyframe
    samples = layout.samples * len(layout.pages_of_first)
    probe = np.zeros((1, 1, samples), page.dtype or np.uint8)
    if page.photometric == PHOTOMETRIC.PALETTE and page.colormap is not None:
        count = np.asarray(page.colormap).shape[-1]
        probe = np.arange(count, dtype=np.uint16)[None, :, None].repeat(samples, 2)
    pixels, is_rgb, _ = interpret(probe, page, series.kind)
    if page.photometric == PHOTOMETRIC.PALETTE and not is_rgb and series.kind in TINTING_KINDS:
        pixels = pixels.astype(page.dtype)
    return pixels, is_rgb


def _ome_of(tif: TiffFile, series: TiffPageSeries, number: int) -> OmeImage | None:
    """What the OME-XML says of a series; of a file that lists other images, nothing."""
    if series.kind != "ome":
        return None
    images = read_ome(tif.pages.first.description)
    return images[number] if number < len(images) else OmeImage()


def _stated_size(tif: TiffFile, series: TiffPageSeries) -> pixel_size.Sizes | None:
    tags = series.keyframe.tags
    resolutions = (tags.valueof(282), tags.valueof(283))
    if tif.is_imagej:
        return pixel_size.from_imagej(tif.imagej_metadata or {}, resolutions)
    return pixel_size.from_resolution(tags.valueof(296, 2), resolutions)


def _channels(
    tif: TiffFile, series: TiffPageSeries, ome: OmeImage | None, count: int
) -> tuple[Channel, ...]:
    told: Sequence[Channel] = ome.channels if ome else _imagej_channels(tif)
    return tuple(told[:count]) + (Channel(),) * (count - len(told))


def _imagej_channels(tif: TiffFile) -> list[Channel]:
    """ImageJ gives each channel a table of colours; its last entry is the brightest."""
    tables = (tif.imagej_metadata or {}).get("LUTs", ()) if tif.is_imagej else ()
    return [Channel("", _brightest(np.asarray(table))) for table in tables]


def _brightest(table: np.ndarray) -> Rgb | None:
    if table.ndim != 2 or table.shape[0] != 3 or not table.shape[1]:
        return None
    red, green, blue = (int(value) for value in table[:, -1])
    return None if len({red, green, blue}) == 1 else (red, green, blue)


def _imagej_step(tif: TiffFile) -> float | None:
    """Distance of focal planes in micrometres."""
    told = (tif.imagej_metadata or {}) if tif.is_imagej else {}
    scale = pixel_size.micrometres(str(told.get("unit", "")))
    return _times(told.get("spacing"), scale)


def _imagej_interval(tif: TiffFile) -> float | None:
    """Seconds between time points."""
    told = (tif.imagej_metadata or {}) if tif.is_imagej else {}
    return _times(told.get("finterval"), 1.0)


def _times(number: object, scale: float | None) -> float | None:
    if scale is None or not isinstance(number, int | float) or not 0 < number < 1e12:
        return None
    return number * scale
