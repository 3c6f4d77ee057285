"""What the catalogue knows of reason codes: patterns/tables/mqrc.csv and patterns/reasons."""

import pytest

from mqtrace.catalog.reasons import reason, reason_name, reason_names, reason_number

CONNECTION_REASONS = """
2002 2009 2018 2025 2035 2045 2046 2058 2059 2063 2071 2102 2130 2139 2161 2162 2195 2202 2203 2219 2223 2271 2273 2277
2278 2279 2283 2374
2371 2375 2376 2380 2381 2382 2383 2384 2385 2386 2387 2388 2389 2390 2391 2392 2393 2396 2397 2398 2399 2400 2401 2402
2409 2423 2495 2496
2497 2537 2538 2539 2540 2543 2544 2545 2546 2547 2548 2552 2553 2555 2556 2568 2570 2573 2574 2575 2576 2577 2578 2583
2589 2590 2591 2592
2593 2594 2595 2596 2600 2601 2602 2603 2604
"""


def test_every_reason_of_connecting_has_a_meaning() -> None:
    infos = {code: reason(code) for code in CONNECTION_REASONS.split()}
    assert [code for code, info in infos.items() if info is None or not info.meaning] == []


@pytest.mark.parametrize(
    "word",
    [2393, "2393", "MQRC_SSL_INITIALIZATION_ERROR", "ssl_initialization_error", " Mqrc_Ssl_Initialization_Error "],
)
def test_a_reason_is_known_by_number_and_name(word: int | str) -> None:
    info = reason(word)
    assert info is not None
    assert (info.code, info.name, info.cause) == (2393, "MQRC_SSL_INITIALIZATION_ERROR", "tls.initialization")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (0, "MQRC_NONE"),
        (2035, "MQRC_NOT_AUTHORIZED"),
        (2396, "MQRC_SSL_NOT_ALLOWED"),
        (2397, "MQRC_JSSE_ERROR"),
        (-1, ""),
        (9999999, ""),
    ],
)
def test_names_of_codes(code: int, name: str) -> None:
    assert reason_name(code) == name


def test_a_second_name_of_a_code_is_known_too() -> None:
    assert reason_number("MQRC_PAGESET_FULL") == reason_number("MQRC_STORAGE_MEDIUM_FULL") == 2192


def test_a_reason_without_an_entry_has_its_name_in_words_and_no_meaning() -> None:
    info = reason(2033)
    assert info is not None
    assert (info.title, info.meaning) == ("no msg available", "")


@pytest.mark.parametrize("word", ["", "MQRC_", "NO_SUCH_REASON", 1, "1" * 5000])
def test_an_unknown_word_is_no_reason(word: int | str) -> None:
    assert reason(word) is None


def test_all_names_are_listed() -> None:
    assert len(reason_names()) == 572
