"""Inputs that are known and not read: by what they are known."""

import re
from collections.abc import Iterator

from mqtrace.kept import compiled

# A binary trace of the C client holds the names of functions between bytes that are no text.
TRACE_NAME = compiled(r"(?:^|[/\\!])AMQ\d+\.\d+\.TR[CS]$", re.IGNORECASE)
TRACE_WORDS = (b"xcsGet", b"MQCONN", b"amqzlaa", b"rriInit", b"IBM MQ", b"WebSphere MQ", b"zstMQ", b"xtr")
SAMPLE = 16384

# The last line of what mqtrace writes.
OWN_MARK = compiled(
    rb"(?:^[ \t]*|<!-- )Written by mqtrace \d[\w.+-]{0,30}(?: on [\d-]{10})?(?: -->)?[ \t\r]*$", re.MULTILINE
)
DOCUMENTATION = b"<!-- Documentation of mqtrace -->"
# How what mqtrace writes begins, also where the mark was cut off or an older version wrote no mark.
# One of these words is in each of them; most inputs have none, and need not be searched further.
_OWN_WORDS = (
    *(
        b"mqtrace",
        b" WHY  ",
        b" FAILED  ",
        b" CONNECTED  ",
        b" UNCLEAR  ",
        b"# FAILED",
        b"# CONNECTED",
        b"# UNCLEAR",
        b" cause=",
    ),
    *(b"NO EVIDENCE", b"NO-EVIDENCE", b"NO FAILURE", b"**Why**", b",count,first,last,", b"| count |", b" most often: "),
    *(b" incident", b"Likely causes", b"What to do"),
)
# Compiled when first needed: that takes longer than the look at most inputs.
_OWN_BEGIN = rb"""
    # the report as text
    ^[ ](?:FAILED|CONNECTED|UNCLEAR|WHY|NO[ ]EVIDENCE|NO[ ]FAILURE|\d{1,3}[ ]OF[ ]\d{1,3})[ ]{2,10}\S
    | ^(?:FAILED|CONNECTED|UNCLEAR)[ ](?:-|\d{4}-\d\d-\d\dT\S{1,40})[ ](?:\w{1,20}=|$)  # the same, a line a connection
    | ^NO-EVIDENCE[ ]inputs=\d
    | ^\#[ ](?:FAILED|CONNECTED|UNCLEAR|NO[ ]EVIDENCE|NO[ ]FAILURE):[ ]  # as Markdown
    | ^\*\*Why\*\*[ ]\((?:certain|likely|possible)\):[ ]
    | ^[{\[]\s{0,40}(?:(?:"(?:properties|otherData)"[ ]?:[ ]?)?\{\s{0,40})?  # as JSON
      "(?:schema"[ ]?:[ ]?"mqtrace-|generator"[ ]?:[ ]?"mqtrace[ ]\d)
    | ^\w[\w-]{0,30},count,first,last,rate_per_hour,  # triage: a table as CSV or Markdown
    | ^\|[ ]?\w[\w-]{0,30}[ ]?\|[ ]?count[ ]?\|[ ]?first[ ]?\|[ ]?last[ ]?\|
    | ^(?:\#[ ])?\d[\d,]{0,12}[ ]causes?,[ ]most[ ]often:[ ]  # triage as text and Markdown
    | ^(?:\#[ ])?[^\n]{0,300}\n{1,2}\d[\d,]{0,12}[ ]incidents?[ ](?:since|at)[ ]\d{4}-
    | ^Usage:[ ]mqtrace[ ]
    | ^[ ]{2}count[ ][ ]entries[ ][ ]cause\r?$
    | ^<p>\d[\d,]{0,12}[ ]incidents?,[ ]\d[\d,]{0,12}[ ]entr  # a page of HTML: of an older triage, and any
    | ^<meta[ ]name="generator"[ ]content="mqtrace[ ]\d
    | ^(?:AMQ|CSQX|MQRC_|CWWK|\d{3,6}[ ])\w{0,60}[ ]{2}\S[^\n]{0,200}\n
      (?:[^\n]{0,200}\n){1,16}?(?:Likely[ ]causes|What[ ]to[ ]do)\r?$
    | \A<!--[ ]Documentation[ ]of[ ]mqtrace[ ]-->
    | ^\#[ ]Causes\s{1,4}What[ ]mqtrace[ ]can[ ]name  # docs/causes.md
    """


def is_own_output(text: bytes) -> bool:
    """Whether mqtrace wrote it: it has the mark, or begins as one of the forms do."""
    return OWN_MARK.search(text) is not None or next(own_begins(text), None) is not None


def own_begins(text: bytes) -> Iterator[int]:
    """Where in a text something begins that mqtrace wrote."""
    if any(words in text for words in _OWN_WORDS):
        yield from (found.start() for found in re.finditer(_OWN_BEGIN, text, re.MULTILINE | re.VERBOSE))


def is_table(head: bytes) -> bool:
    """Whether it is a table that mqtrace or another program wrote: a Parquet file, or a part of a workbook."""
    return head.startswith(b"PAR1") or b"schemas.openxmlformats.org/" in head[:SAMPLE]


def is_binary_trace(head: bytes, name: str) -> bool:
    """Whether it is a trace of the C client that is not formatted: binary, and called as
    the product calls its traces or with its words."""
    sample = head[:SAMPLE]
    if b"\x00" not in sample or head.startswith(b"AMQR"):
        return False
    return TRACE_NAME.search(name) is not None or any(word in sample for word in TRACE_WORDS)
