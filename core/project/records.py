"""What a project knows about its images and model runs, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from core.annotation.annotation_set import RunInfo
from core.image.source import FIRST, Plane

Status: TypeAlias = Literal["new", "segmented", "edited", "reviewed"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """One image of a project.

    path: relative to the project's folder, with forward slashes; "" for an image without a file.
    width, height: pixels. pixel_size_um: micrometres, None when unknown. file_size: bytes.
    plane: which one of the file it is; each plane that was worked on has a record of its own.
    Of a file that was listed and not read yet only path and file_size are known.
    """

    id: int
    path: str
    content_hash: str
    file_size: int
    width: int
    height: int
    pixel_size_um: float | None = None
    status: Status = "new"
    plane: Plane = FIRST

    @property
    def is_read(self) -> bool:
        """Whether its file was read, so that content and size are known."""
        return self.width > 0

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.rpartition("/")[2] or "untitled"

    @property
    def title(self) -> str:
        """The name of the file and of the plane, which tells it from all others of its folder."""
        label = self.plane.label()
        return f"{self.name}, {label}" if label else self.name

    def is_of_file(self, other: "ImageRecord") -> bool:
        """Whether both are planes of one file."""
        return (self.path, self.content_hash) == (other.path, other.content_hash)


@dataclass(frozen=True)
class RunRecord:
    """One model run on one image; time: seconds since 1970."""

    image_id: int
    time: float
    info: RunInfo
    weights_sha256: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
