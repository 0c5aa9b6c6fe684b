"""What a step of work means for the project file and for the status of its image."""

from functools import partial

from app.tasks.writer import Write
from core.project.delta import Delta, Step
from core.project.records import Status
from core.project.store import Project


def write_of(image_id: int, delta: Delta, step: Step) -> Write:
    """The change of the project that belongs to a step."""
    if step is Step.DO:
        return partial(_commit, image_id, delta)
    return partial(_mark_undone if step is Step.UNDO else _mark_redone, image_id)


def status_after(delta: Delta) -> Status:
    """How far an image has come by a step: what only a network may do leaves it segmented.

    Changes of classes, which belong to the whole project, say nothing about one image. To delete
    proposals is the work of a person.
    """
    regions = (*delta.before.values(), *delta.after.values())
    if not regions:
        return "new"
    by_network = bool(delta.after) and not any(r.protected for r in regions)
    return "segmented" if by_network else "edited"


def _commit(image_id: int, delta: Delta, project: Project) -> None:
    project.commit(image_id, delta)


def _mark_undone(image_id: int, project: Project) -> None:
    project.mark_undone(image_id)


def _mark_redone(image_id: int, project: Project) -> None:
    project.mark_redone(image_id)
