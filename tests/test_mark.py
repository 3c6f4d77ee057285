"""What is written as JSON is what json would write with an indent."""

import json

from hypothesis import given
from hypothesis import strategies as st

from mqtrace.mark import json_text

TEXTS = st.text(st.characters(exclude_categories=())) | st.sampled_from(["\ud800", "\x00\x7f\u2028", '"\\/', "ü"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_it_is_what_json_writes_with_an_indent(value: object) -> None:
    assert json_text(value) == json.dumps(value, indent=2, ensure_ascii=False) + "\n"
