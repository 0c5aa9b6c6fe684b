"""What a TIFF file says of its images, from its tags and texts alone."""

import numpy as np
from tifffile import PHOTOMETRIC, TiffFile, TiffPageSeries

from core.image import pixel_size
from core.image.ome import read_ome
from core.image.source import Channel, Rgb, Scene
from core.image.tiff_axes import Layout
from core.image.tiff_colour import TINTING_KINDS, interpret
from core.image.tiff_vendor import read_vendor
from core.image.told import Told, positive


def scene_of(tif: TiffFile, series: TiffPageSeries, number: int, layout: Layout) -> Scene:
    """The series `number` of a file as a scene."""
    pixels, is_rgb = _meaning(series, layout)
    told = _told(tif, series, number)
    size, notes = pixel_size.single_size(told.sizes)
    height, width = layout.height, layout.width
    if series.kind not in TINTING_KINDS and series.keyframe.tags.valueof(274, 1) in (5, 6, 7, 8):
        height, width = width, height
    for axis in layout.fixed:
        places = layout.sizes[axis]
        notes += (f"Only the first of {places} planes along the axis {axis} is shown.",)
    count = pixels.shape[2]
    return Scene(
        width=width,
        height=height,
        dtype=pixels.dtype.newbyteorder("="),
        channels=told.channels[:count] + (Channel(),) * (count - len(told.channels)),
        times=layout.times,
        depths=layout.depths,
        is_rgb=is_rgb,
        name=told.name or series.name,
        pixel_size_um=size,
        z_step_um=told.z_step_um,
        interval_s=told.interval_s,
        axes=series.axes,
        stored_shape=tuple(series.shape),
        notes=notes,
    )


def plain_sizes(series: TiffPageSeries) -> pixel_size.Sizes | None:
    """The size of a pixel by the tags that every TIFF may have."""
    tags = series.keyframe.tags
    return pixel_size.from_resolution(tags.valueof(296, 2), _resolutions(series))


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


def _told(tif: TiffFile, series: TiffPageSeries, number: int) -> Told:
    if series.kind == "ome":  # of a file that lists other images, nothing
        images = read_ome(tif.ome_metadata or "")
        return images[number] if number < len(images) else Told()
    if tif.is_imagej:
        return _imagej(tif, series)
    return read_vendor(tif, series) or Told(sizes=plain_sizes(series))


def _imagej(tif: TiffFile, series: TiffPageSeries) -> Told:
    """ImageJ gives each channel a table of colours; its last entry is the brightest."""
    told = tif.imagej_metadata or {}
    scale = pixel_size.micrometres(str(told.get("unit", "")))
    tables = told.get("LUTs", ())
    if not tables and series.keyframe.colormap is not None:
        tables = [np.asarray(series.keyframe.colormap) >> 8]
    return Told(
        "",
        pixel_size.from_imagej(told, _resolutions(series)),
        positive(told.get("spacing"), scale),
        positive(told.get("finterval")),
        tuple(Channel("", _brightest(np.asarray(table))) for table in tables),
    )


def _resolutions(series: TiffPageSeries) -> pixel_size.Resolutions:
    tags = series.keyframe.tags
    return tags.valueof(282), tags.valueof(283)


def _brightest(table: np.ndarray) -> Rgb | None:
    if table.ndim != 2 or table.shape[0] != 3 or not table.shape[1]:
        return None
    red, green, blue = (int(value) for value in table[:, -1])
    return None if len({red, green, blue}) == 1 else (red, green, blue)
