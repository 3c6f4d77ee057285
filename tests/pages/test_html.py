"""Pages: every text is escaped once, and nothing is loaded."""

import re

import pytest

from mqtrace.pages.html import Html, element, escaped, shell, table


@pytest.mark.parametrize(
    ("text", "html"),
    [("<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;"), (Html("<b>x</b>"), "<b>x</b>"), ("", "")],
)
def test_a_text_is_escaped_and_html_stays(text: str, html: str) -> None:
    assert escaped(text) == html
    assert escaped(escaped(text)) == html


def test_an_element_escapes_what_it_holds_and_its_attributes() -> None:
    inner = element("code", "<i>")
    assert element("p", "a & ", inner, class_="new", data_name='"x"', id="") == (
        '<p class="new" data-name="&quot;x&quot;">a &amp; <code>&lt;i&gt;</code></p>'
    )


def test_a_cell_knows_the_name_of_its_column_and_whether_it_is_empty() -> None:
    page = table([("user", ""), ("count", "number")], [["<b>", "7"], ["", "8"]])
    assert '<th>user</th><th class="number">count</th>' in page
    assert (
        '<td data-name="user"><span>&lt;b&gt;</span></td><td data-name="count" class="number"><span>7</span></td>'
        in page
    )
    assert '<td data-name="user" class="none"><span></span></td>' in page


def test_a_page_has_its_title_escaped_and_loads_nothing() -> None:
    page = shell("a <b>", [element("h1", "a <b>"), "plain & text"])
    assert "<title>a &lt;b&gt;</title>" in page
    assert "<h1>a &lt;b&gt;</h1>\nplain &amp; text\n</body>" in page
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<link|<img|src=|href=|url\(|@import", page)
