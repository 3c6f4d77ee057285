"""Reason codes as traces write them."""

import pytest

from mqtrace.catalog.reasons import written_reason


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("OK", 0), ("MQRC_NONE", 0), ("MQRC_HOST_NOT_AVAILABLE", 2538), ("MQRC_NOT_AUTHORIZED", 2035), ("2538", 2538),
        ("0", 0),
        ("000009EA", 2538), ("000007F3", 2035), ("00000000", 0),
        ("MQRC_NO_SUCH_NAME", None), ("rrcE_CHANNEL_ERROR", None), ("xecE_E_ENV_VAR_NOT_FOUND", None),
        ("Unknown", None),
        ("", None), ("-1", None),
    ],
)  # fmt: skip
def test_names_numbers_and_hexadecimal_words(written: str, code: int | None) -> None:
    assert written_reason(written) == code
