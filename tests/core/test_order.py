from core.order import natural_key


def test_numbers_count_and_letters_come_after_digits() -> None:
    names = [
        "img10.tif",
        "IMG2.tif",
        "img1.tif",
        "7.tif",
        "b/1.tif",
        "a/12.tif",
        "a/3.tif",
        "٣.tif",
    ]
    assert sorted(names, key=natural_key) == [
        "7.tif",
        "a/3.tif",
        "a/12.tif",
        "b/1.tif",
        "img1.tif",
        "IMG2.tif",
        "img10.tif",
        "٣.tif",
    ]


def test_a_name_without_anything() -> None:
    assert sorted(["a", ""], key=natural_key) == ["", "a"]
