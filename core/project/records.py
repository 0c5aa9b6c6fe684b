"""What a project knows about its images and model runs, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal, TypeAlias, get_args

from core.annotation.annotation_set import RunInfo

Status: TypeAlias = Literal["new", "segmented", "edited", "reviewed"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True)
class ImageRecord:
    """One image of a project.

    path: relative to the project's folder, with forward slashes; "" for an image without a file.
    width, height: pixels. pixel_size_um: micrometres, None when unknown. file_size: bytes.
    """

    id: int
    path: str
    content_hash: str
    file_size: int
    width: int
    height: int
    pixel_size_um: float | None = None
    status: Status = "new"

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name or "untitled"


@dataclass(frozen=True)
class RunRecord:
    """One model run on one image; time: seconds since 1970."""

    image_id: int
    time: float
    info: RunInfo
    weights_sha256: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
