from core.byte_cache import ByteCache


def test_what_was_not_used_for_longest_goes_first() -> None:
    cache: ByteCache[str] = ByteCache(10)
    assert cache.put(1, "a", 4) == []
    assert cache.put(2, "b", 4) == []
    assert cache.get(1) == "a"
    assert cache.put(3, "c", 4) == [2]
    assert 2 not in cache
    assert cache.get(2) is None
    assert (cache.get(1), cache.get(3)) == ("a", "c")


def test_the_newest_stays_however_large_it_is() -> None:
    cache: ByteCache[str] = ByteCache(10)
    cache.put(1, "a", 4)
    assert cache.put(2, "b", 400) == [1]
    assert cache.get(2) == "b"


def test_a_new_value_takes_the_place_and_the_size_of_the_old() -> None:
    cache: ByteCache[str] = ByteCache(10)
    cache.put(1, "a", 9)
    assert cache.put(1, "b", 2) == []
    assert cache.put(2, "c", 8) == []
    assert cache.get(1) == "b"
    cache.clear()
    assert 1 not in cache
