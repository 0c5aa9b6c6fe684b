from pytestqt.qtbot import QtBot

from app.dialogs.pixel_size import PixelSizeDialog, PixelSizeWish


def test_starts_with_what_is_known_and_tells_what_is_wanted(qtbot: QtBot) -> None:
    dialog = PixelSizeDialog("a.png", 0.325, 12, None)
    qtbot.addWidget(dialog)
    assert dialog.wish == PixelSizeWish(0.325, False) and dialog.field.text() == "0.325 µm"
    dialog.field.setValue(0.65)
    dialog.everywhere.setChecked(True)
    assert dialog.wish == PixelSizeWish(0.65, True)


def test_none_is_a_size_that_is_not_known(qtbot: QtBot) -> None:
    dialog = PixelSizeDialog("a.png", None, 0, None)
    qtbot.addWidget(dialog)
    assert dialog.field.text() == "not known"
    assert not dialog.everywhere.isVisibleTo(dialog)
    assert dialog.wish == PixelSizeWish(None, False)
