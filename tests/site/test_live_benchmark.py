"""The benchmark of live cells runs, and the page fetches no Python before the first Run."""

from benchmarks import live


def test_it_measures_everything(chromium, site_folder):
    with live.served(site_folder) as address:
        found = live.measure(chromium, address, rounds=1)
    assert found["median"] == found["least"] and live.TARGETS.keys() < found["median"].keys()
    assert all(number > 0 for number in found["median"].values())
    assert found["median"]["megabytes_before_run"] < 4, "the page itself; Python alone is 9 MB"
    assert found["missed"] == sorted(n for n, most in live.TARGETS.items() if found["median"][n] > most)
