"""Where the annotations of an export come from: a project, an open window, files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from core.annotation.annotation_set import AnnotationSet
from core.formats.picture import Picture
from core.image.read import read_image
from core.image.source import Plane
from core.project.records import ImageRecord, RunRecord
from core.project.store import Project


class Source(Protocol):
    """Answers for any image of an export, in any thread.

    originals: the files of the images, which are never replaced.
    """

    @property
    def originals(self) -> Sequence[Path]: ...

    def annotations(self, image_id: int) -> AnnotationSet: ...

    def runs(self, image_id: int) -> Sequence[RunRecord]: ...

    def picture(self, image_id: int) -> Picture | None: ...


@dataclass(frozen=True)
class ProjectSource:
    """A project as it is on the disk."""

    project: Project

    @property
    def originals(self) -> Sequence[Path]:
        return [self.project.folder / r.path for r in self.project.images() if r.path]

    def annotations(self, image_id: int) -> AnnotationSet:
        return self.project.annotations(image_id)

    def runs(self, image_id: int) -> Sequence[RunRecord]:
        return self.project.runs(image_id)

    def picture(self, image_id: int) -> Picture | None:
        return picture_of(self.project, self.project.image(image_id))


@dataclass(frozen=True)
class SetSource:
    """Annotations that were read from files, by the number of their image; images: the files of
    those whose pixels are at hand."""

    sets: Mapping[int, AnnotationSet]
    images: Mapping[int, Path] = field(default_factory=dict)

    @property
    def originals(self) -> Sequence[Path]:
        return list(self.images.values())

    def annotations(self, image_id: int) -> AnnotationSet:
        return self.sets[image_id]

    def runs(self, image_id: int) -> Sequence[RunRecord]:
        return ()

    def picture(self, image_id: int) -> Picture | None:
        path = self.images.get(image_id)
        return _picture(path, _plane_of(self.sets[image_id])) if path else None

    @property
    def records(self) -> list[ImageRecord]:
        """One for each image, as a project has them."""
        return [
            ImageRecord(
                number,
                found.image_name,
                found.content_hash,
                -1,
                found.width,
                found.height,
                plane=_plane_of(found),
            )
            for number, found in self.sets.items()
        ]


def picture_of(project: Project, record: ImageRecord) -> Picture | None:
    """The pixels of an image of a project; None when its file is not to be found."""
    path = project.locate_image(record)
    return _picture(path, record.plane) if path else None


def _picture(path: Path, plane: Plane) -> Picture:
    return Picture(lambda: read_image(path, plane))


def _plane_of(annotations: AnnotationSet) -> Plane:
    return Plane(annotations.scene, annotations.t, annotations.z)
