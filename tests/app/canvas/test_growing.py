import numpy as np

from app.canvas.growing import Growing


def test_rows_are_appended() -> None:
    rows = Growing(np.int64, 2)
    for i in range(100):
        rows.extend([(i, -i)] * 3)
    assert len(rows) == 300
    assert rows.view[::3, 0].tolist() == list(range(100))


def test_a_view_is_not_changed_by_later_rows() -> None:
    rows = Growing(np.float32)
    rows.extend([1, 2])
    view = rows.view
    for _ in range(100):
        rows.extend([7, 7])
    assert view.tolist() == [1, 2]
