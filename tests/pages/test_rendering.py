"""Pages: whatever a template is given is escaped, and nothing but the page's own style and script can run."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import jinja2
import pytest

from mqtrace.mark import COMMENT
from mqtrace.pages.rendering import page

TEMPLATES = Path(page.__code__.co_filename).parent / "templates"
NOTHING = {"status": "NO EVIDENCE", "sentence": "a <b> & c", "many": False, "told": [], "untold": 0, "lines": []}
REST = {"unknown": [], "notes": ["<script>alert(1)</script>"], "inputs": [], "read": "Read nothing."}


def shown(**values: object) -> str:
    return page("report", title="a <b>", **{**NOTHING, **REST, **values})


def test_every_text_is_escaped() -> None:
    text = shown()
    assert "<title>a &lt;b&gt;</title>" in text
    assert "<h1>a &lt;b&gt; &amp; c</h1>" in text
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in text
    assert text.count("<script>") == 1


@pytest.mark.parametrize(("tag", "directive"), [("style", "style-src"), ("script", "script-src")])
def test_the_policy_lets_through_what_the_page_holds_and_nothing_else(tag: str, directive: str) -> None:
    text = shown()
    (held,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    assert allowed["default-src"] == "'none'"
    assert allowed[directive] == f"'sha256-{b64encode(sha256(held.encode()).digest()).decode()}'"


def test_a_value_that_is_missing_is_an_error_and_no_blank() -> None:
    with pytest.raises(jinja2.UndefinedError, match="sentence"):
        page("report", title="x", **{**{name: NOTHING[name] for name in NOTHING if name != "sentence"}, **REST})


def test_a_page_ends_with_the_mark_by_which_it_is_known() -> None:
    assert shown().rstrip().endswith(COMMENT.rstrip())


@pytest.mark.parametrize("path", sorted(TEMPLATES.iterdir()), ids=lambda path: path.name)
def test_no_template_loads_anything_or_has_what_its_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""\bsrc=|url\(|@import|https?:|\son\w+=|\sstyle=|\|\s*safe\b""", text)


def test_no_template_lets_anything_through_unescaped() -> None:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES))
    for name in environment.list_templates(extensions=["html"]):
        assert "autoescape" not in (TEMPLATES / name).read_text(encoding="utf-8")
