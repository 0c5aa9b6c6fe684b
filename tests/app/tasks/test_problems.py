"""What a person reads of an error is one sentence."""

from app.tasks.problems import plain_sentence


def test_a_person_is_not_shown_all_that_a_library_tells() -> None:
    long = "Could not load\n    at 0x7f\n" + "more " * 200
    shown = plain_sentence(RuntimeError(long))
    assert "\n" not in shown and "RuntimeError: Could not load);" in shown
    assert len(plain_sentence(RuntimeError("x" * 5000))) < 300


def test_an_error_without_words_is_named() -> None:
    assert "(KeyError)" in plain_sentence(KeyError())
