"""Documents: the open project's images that were worked on in this session, with their history."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeAlias

from app.commands.history import rebuild_history
from app.document.classes import ClassTable
from app.document.document import Document
from app.tasks.opening import StoredDocument
from core.project.delta import Delta, Step
from core.project.records import ImageRecord

OnStep: TypeAlias = Callable[[int, Delta, Step], None]


class Documents(Mapping[int, Document]):
    """By image id; one that is here stays here, so what is seen never comes from a stale file."""

    def __init__(self, classes: ClassTable, on_step: OnStep) -> None:
        """on_step: called with the image id after every step of a document."""
        self._classes, self._on_step = classes, on_step
        self._documents: dict[int, Document] = {}

    def __getitem__(self, image_id: int) -> Document:
        return self._documents[image_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)

    def add(self, record: ImageRecord, stored: StoredDocument) -> None:
        """Make the document of an image, unless it is here already."""
        if record.id in self._documents:
            return
        document = Document(
            record.id, record.width, record.height, stored.regions, self._classes, stored.next_id
        )
        rebuild_history(document, stored.done, stored.undone)
        document.applied.connect(partial(self._on_step, record.id))
        self._documents[record.id] = document

    def clear(self) -> None:
        """Forget all documents; the caller says so before, for those who still show one."""
        self._documents = {}
