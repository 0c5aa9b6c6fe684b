"""What the programs of microscopes write into TIFF files in ways of their own."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from tifffile import TiffFile, TiffPage, TiffPageSeries

from core.image.pixel_size import both, micrometres
from core.image.source import Channel
from core.image.told import Told, positive

_METRE = 1e6  # micrometres
_MPP = re.compile(r"\|\s*MPP\s*=\s*([0-9.]+)")
_NAME = re.compile(r"<Name>([^<]*)</Name>")
_COLOR = re.compile(r"<Color>\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*</Color>")


def read_vendor(tif: TiffFile, series: TiffPageSeries) -> Told | None:
    """What a vendor says of a series; None when it is of none that is known, or says nothing.

    Zeiss LSM and SEM, MetaMorph STK and TIFF, Aperio SVS, Akoya QPTIFF, Olympus, FEI.
    """
    for kind, read in _READERS.items():
        if getattr(tif, f"is_{kind}", False):
            try:
                return read(tif, series)
            except (TypeError, ValueError, KeyError, AttributeError, IndexError):
                return None  # odd metadata are no reason to refuse good pixels
    return None


def _lsm(tif: TiffFile, series: TiffPageSeries) -> Told:
    told: Mapping[str, Any] = tif.lsm_metadata or {}
    width, height, step = (
        positive(told.get(f"VoxelSize{axis}"), _METRE) for axis in ("X", "Y", "Z")
    )
    shown = told.get("ChannelColors") or {}
    names, colors = shown.get("ColorNames", ()), shown.get("Colors", ())
    channels = tuple(
        Channel(str(name), _color(color)) for name, color in zip(names, colors, strict=False)
    )
    interval = positive(told.get("TimeIntervall"))
    return Told("", both(width, height), step, interval, channels)


def _stk(tif: TiffFile, series: TiffPageSeries) -> Told:
    told: Mapping[str, Any] = tif.stk_metadata or {}
    scale = micrometres(str(told.get("CalibrationUnits", "")))
    sizes = both(*(positive(told.get(f"{axis}Calibration"), scale) for axis in "XY"))
    steps = np.abs(np.atleast_1d(told.get("ZDistance", 0)))
    times = np.diff(np.atleast_1d(told.get("TimeCreated", 0)).astype(np.int64))
    return Told(
        str(told.get("Name", "")),
        sizes if told.get("SpatialCalibration", 1) else None,
        positive(_one(steps), scale) if "Z" in series.axes else None,
        positive(np.median(times), 1e-3) if "T" in series.axes else None,
    )


def _metaseries(tif: TiffFile, series: TiffPageSeries) -> Told:
    told = (tif.metaseries_metadata or {}).get("PlaneInfo", {})
    scale = micrometres(str(told.get("spatial-calibration-units", "")))
    if told.get("spatial-calibration-state") is False:
        return Told()
    sizes = both(*(positive(told.get(f"spatial-calibration-{axis}"), scale) for axis in "xy"))
    return Told("", sizes, channels=(Channel(str(told.get("_IllumSetting_", ""))),))


def _svs(tif: TiffFile, series: TiffPageSeries) -> Told:
    """The size belongs to the slide, not to the pictures of its label and of the whole glass."""
    found = _MPP.search(series.keyframe.description)
    size = positive(found[1]) if found and series.name in ("Baseline", "") else None
    return Told(series.name, both(size, size))


def _qpi(tif: TiffFile, series: TiffPageSeries) -> Told | None:
    """A channel a page; the size stands in the plain tags."""
    from core.image.tiff_facts import plain_sizes

    pages = [page for page in series if isinstance(page, TiffPage)]
    channels = [
        Channel(_first(_NAME, page.description), _color(_numbers(page.description)))
        for page in pages
    ]
    is_slide = series.name == "Baseline"
    return Told(series.name, plain_sizes(series), channels=tuple(channels) if is_slide else ())


def _sis(tif: TiffFile, series: TiffPageSeries) -> Told | None:
    told: Mapping[str, Any] = tif.sis_metadata or {}
    width, height = (positive(told.get(f"pixelsize{axis}"), _METRE) for axis in "xy")
    return None if width is None else Told("", both(width, height))


def _sem(tif: TiffFile, series: TiffPageSeries) -> Told:
    """Zeiss writes (label, number, unit)."""
    told = tif.sem_metadata or {}
    _, number, unit = told.get("ap_image_pixel_size") or told["ap_pixel_size"]
    size = positive(number, micrometres(unit))
    return Told("", both(size, size))


def _fei(tif: TiffFile, series: TiffPageSeries) -> Told:
    scan = (tif.fei_metadata or {}).get("Scan", {})
    width, height = (positive(scan.get(f"Pixel{side}"), _METRE) for side in ("Width", "Height"))
    return Told("", both(width, height))


_READERS: dict[str, Callable[[TiffFile, TiffPageSeries], Told | None]] = {
    "lsm": _lsm,
    "stk": _stk,
    "metaseries": _metaseries,
    "svs": _svs,
    "qpi": _qpi,
    "sis": _sis,
    "sem": _sem,
    "fei": _fei,
}


def _one(values: np.ndarray) -> float | None:
    """The value that all of them share, as far as they were rounded."""
    middle = float(np.median(values))
    return middle if np.allclose(values, middle, rtol=0.01) else None


def _color(numbers: Sequence[int]) -> tuple[int, int, int] | None:
    """White says nothing."""
    red, green, blue = (int(number) for number in [*numbers, 0, 0, 0][:3])
    return None if red == green == blue else (red, green, blue)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _numbers(text: str) -> list[int]:
    found = _COLOR.search(text)
    return [int(number) for number in found.groups()] if found else []
