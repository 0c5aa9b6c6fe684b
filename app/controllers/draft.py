"""Draft: proposals for a document, shown under a moving slider or made in one step."""

from collections.abc import Mapping

from app.commands.change_regions import perform
from app.commands.proposals import Basis, basis_of, open_proposals
from app.document.document import Document
from core.annotation.region import Region, same_outline
from core.project.delta import Delta


class Draft:
    """Takes proposals that were fitted to its `basis`.

    Drafts that follow each other share ids, so that a slider does not use them up.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._ids: list[int] = []
        self._before: Mapping[int, Region] = {}
        self._revision = -1

    @property
    def basis(self) -> Basis:
        """What proposals have to be fitted to; another one once a person changed something."""
        return basis_of(self.document, self._ids)

    def show(self, proposals: Mapping[int, Region]) -> None:
        """Show these in the place of the stored proposals and of the draft before."""
        before = self._stored()
        self._reserve(len(proposals))
        self.document.show_draft(Delta("", before, proposals))
        self._before, self._revision = before, self.document.revision

    def commit(self, proposals: Mapping[int, Region], name: str) -> None:
        """Make these in one undoable step; none in the place of none is no step."""
        if (before := self._stored()) or proposals:
            self._reserve(len(proposals))
            perform(self.document, Delta(name, before, proposals))
            del self._ids[: len(proposals)]

    def changes_outlines(self, proposals: Mapping[int, Region]) -> bool:
        """Whether the stored proposals have other outlines."""
        before = self._stored()
        return len(before) != len(proposals) or not all(
            map(same_outline, before.values(), proposals.values())
        )

    def take_back(self) -> None:
        """Show the document as it is."""
        self.document.drop_draft()

    def _reserve(self, number: int) -> None:
        self._ids += self.document.new_ids(max(number - len(self._ids), 0))

    def _stored(self) -> Mapping[int, Region]:
        """The proposals of the document without a draft."""
        if self.document.revision == self._revision:  # it shows ours, and no step came since
            return self._before
        self.document.drop_draft()
        return open_proposals(self.document)
