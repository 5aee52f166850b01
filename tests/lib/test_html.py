"""HTML: nothing that runs survives, words stay apart, and cleaning is settled after one go."""

import re

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dateline.lib import html

_PIECES = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<h1>",
            "</h1>",
            "<script>",
            "</script>",
            "<a href='javascript:alert(1)'>",
            "</a>",
            '<img src=x onerror="alert(1)">',
            "<table><tr><td>",
            "<svg><style>",
            "<!--",
            "-->",
            "<math><mtext>",
            "<p onclick=x style=y id=z>",
            "&lt;",
            "&amp;lt;script&amp;gt;",
            "&nbsp;",
            "<br>",
            "text",
            "<",
            '"',
            ">",
            "\0",
            "é",
        ]
    )
).map("".join)


@given(_PIECES | st.text())
def test_nothing_that_runs_survives(dirty: str) -> None:
    tree = html5lib.parseFragment(html.clean(dirty), namespaceHTMLElements=False)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in {"script", "style", "svg", "math", "iframe", "object"}
        for name, value in element.attrib.items():
            assert name not in {"style", "id", "class"}
            assert not name.startswith("on")
            assert not value.strip().lower().startswith("javascript:")


@given(_PIECES | st.text())
@example("<h1><text<p><h1>")
def test_cleaning_again_changes_nothing(dirty: str) -> None:
    once = html.clean(dirty)
    assert html.clean(once) == once


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_plain_text_survives_as_html(plain: str) -> None:
    assert html.text(html.from_plain(plain)).split() == plain.split()


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("<h1>One</h1><h6>Six</h6>", "<h2>One</h2><h4>Six</h4>"),
        ("<p>a</p><p>&nbsp;</p><p><br></p>", "<p>a</p>"),
        ('<p class="x" style="y">a</p>', "<p>a</p>"),
        ('<p lang="ar" dir="rtl">a</p>', '<p lang="ar" dir="rtl">a</p>'),
        ("a & b", "a &amp; b"),
        (
            '<a href="/d" target="_blank">d</a>',
            '<a href="/d" rel="noopener noreferrer">d</a>',
        ),
    ],
)
def test_clean(dirty: str, expected: str) -> None:
    assert html.clean(dirty) == expected


def test_relative_links_are_resolved_against_the_base() -> None:
    cleaned = html.clean('<a href="/d">d</a><img src="e.png">', base="https://example.org/a/b")
    assert 'href="https://example.org/d"' in cleaned
    assert 'src="https://example.org/a/e.png"' in cleaned


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("a<b>b</b>c", "abc"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("one<br>two", "one\ntwo"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1\n2"),
        ("<p>a<script>alert(1)</script></p>", "a"),
        ('<p title="a > b">c</p>', "c"),
        ("&lt;p&gt; &amp;lt;", "<p> &lt;"),
        ("<p>a &nbsp;&nbsp; b</p>", "a b"),
    ],
)
def test_text(markup: str, expected: str) -> None:
    assert html.text(markup) == expected


def test_markdown_is_cleaned_and_has_tables() -> None:
    rendered = html.from_markdown(
        "# Hi\n\n<script>x</script>\n\n|a|\n|-|\n|1|\n\n[x](javascript:y)"
    )
    assert "<h2>Hi</h2>" in rendered
    assert "<td>1</td>" in rendered
    assert "<script" not in rendered
    assert not re.search(r'href="javascript', rendered)


@pytest.mark.parametrize("tag", ["div", "blockquote", "ul"])
def test_html_nested_deeper_than_browsers_go_keeps_its_words(tag: str) -> None:
    deep = f"<{tag}>" * 50_000 + "The <script>alert(1)</script> Court &amp; council" + f"</{tag}>"
    assert html.clean(deep) == "<p>The Court &amp; council</p>"
    assert html.text(deep) == "The Court & council"


def test_many_tags_that_do_not_nest_are_kept() -> None:
    assert html.clean("<p>one</p>" * 5_000) == "<p>one</p>" * 5_000
