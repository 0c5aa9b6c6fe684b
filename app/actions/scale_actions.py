"""What a person says about the scale of images."""

from app.dialogs.ask import Ask
from app.session import Session


class ScaleActions:
    """The pixel size of the shown file, or of all images of the project at once."""

    def __init__(self, session: Session, ask: Ask) -> None:
        self._session, self._ask = session, ask

    def set_pixel_size(self) -> None:
        """Ask for it; all planes of a file have the same one."""
        record, records = self._session.current, self._session.records
        if record is None:
            return
        planes = [r.id for r in records if r.is_of_file(record)]
        others = len(records) - len(planes)
        count = len(records) if others else 0
        if wish := self._ask.pixel_size(record.name, record.pixel_size_um, count):
            ids = [r.id for r in records] if wish.everywhere else planes
            self._session.set_pixel_size(ids, wish.micrometres)
