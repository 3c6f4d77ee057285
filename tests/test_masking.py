import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from mqtrace.masking import mask, mask_value, printable

MASKED = [
    ("password=s3cret user=x", "password=*** user=x"),
    ("PASSWORD: s3cret", "PASSWORD: ***"),
    ("Password : 's3cret' and", "Password : '***' and"),
    ("password='s3'c ret'", "password='***'"),
    ("passwd:s3cret", "passwd:***"),
    ("password=s3,c;r&et!,channel=APP.SVRCONN", "password=***,channel=APP.SVRCONN"),
    ("UID=app;PWD=s3cret;Server=x", "UID=app;PWD=***;Server=x"),
    ("https://x?password=s3cret&y=2", "https://x?password=***&y=2"),
    ('{"password": "s3c\\"ret", "user": "u"}', '{"password": "***", "user": "u"}'),
    ('{\\"password\\":\\"s3cret\\",\\"user\\":\\"u\\"}', '{\\"password\\":\\"***\\",\\"user\\":\\"u\\"}'),
    ('{"name": "db.password", "value": "s3cret"}', '{"name": "db.password", "value": "***"}'),
    ("<password>s3cret</password>", "<password>***</password>"),
    ('<x:keyPassword type="a">s3cret</x:keyPassword>', '<x:keyPassword type="a">***</x:keyPassword>'),
    ('<property name="password" value="s3cret"/>', '<property name="password" value="***"/>'),
    ('<entry key="password">s3cret</entry>', '<entry key="password">***</entry>'),
    ("-Djavax.net.ssl.keyStorePassword=s3cret -Dfoo=1", "-Djavax.net.ssl.keyStorePassword=*** -Dfoo=1"),
    ('-Dx.password="s3 cret" y', '-Dx.password="***" y'),
    (
        "sun.java.command=com.x.Main -u app --pass s3cret -h host",
        "sun.java.command=com.x.Main -u app --pass *** -h host",
    ),
    ("runmqakm -cert -list -db k.kdb -pw s3cret", "runmqakm -cert -list -db k.kdb -pw ***"),
    ("MQKEYRPWD=s3 cret", "MQKEYRPWD=***"),
    ("export MQKEYRPWD='s3 cret'", "export MQKEYRPWD='***'"),
    ("SSLKeyRepositoryPassword = s3cret", "SSLKeyRepositoryPassword = ***"),
    ("ALTER QMGR KEYRPWD('s3)cret') X(1)", "ALTER QMGR KEYRPWD('***') X(1)"),
    ("LDAPPWD(s3cret)", "LDAPPWD(***)"),
    ("amqp://app:s3cret@host:5672/x", "amqp://app:***@host:5672/x"),
    ("app:s3cret@host(1414)", "app:***@host(1414)"),
    ("Authorization: Bearer abcdefghijklm.xyz", "Authorization: Bearer ***"),
    ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.abc-def", "got ***"),
    ("setPassword(java.lang.String) [s3cret]", "setPassword(***)***"),
    ("password=none-at-all", "password=***"),
    ("password => s3cret", "password => ***"),
    ("xcsGetEnvironmentString[MQ_PASSWORD] = s3 cret", "xcsGetEnvironmentString[MQ_PASSWORD] = ***"),
    ("getenv(APP_TOKEN) = s3cret", "getenv(APP_TOKEN) = ***"),
    ("getenv(\"APP_TOKEN\") => 's3 cret'", "getenv(\"APP_TOKEN\") => '***'"),
    ("ENV{APP_SECRET} -> s3cret", "ENV{APP_SECRET} -> ***"),
    ("[password]: s3cret", "[password]: ***"),
]

KEPT = [
    "runmqakm -cert -list -db key.kdb -stashed",
    "/home/password/key.kdb",
    "C:\\passwords\\key.kdb",
    "my password label",
    "PWD=/home/app",
    "OLDPWD=/home/app",
    "xcsGetEnvironmentString[PWD] = /home/app",
    "[PASSWORD_FILE] = /home/app/password",
    "[MQ_PASSWORD] = ",
    "PasswordProtection=compatible",
    "CSPPasswordLength=12",
    "password : null",
    "password=''",
    "this.remote : com.ibm.mq.Foo@1a2b3c",
    "bypass=true compass: north",
    "17:10:46.376186 7253.1 x@y",
    "token",
]


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_value_after_the_key_of_a_secret_is_hidden(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("text", [expected for _, expected in MASKED])
def test_masking_again_changes_nothing(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "form",
    [
        "password={}",
        "password = {}",
        "-Dmy.password={} -x",
        "PASSWORD: {}",
        "password='{}'",
        '"password": "{}"',
        "<passwd>{}</passwd>",
        "MQKEYRPWD={}",
    ],
)
@given(middle=some.text("abcXYZ0189.,;:!?&#%+*/|()[]{}=@~^-_$", min_size=4, max_size=30))
def test_no_part_of_a_secret_stays(form: str, middle: str) -> None:
    assume(not re.search("[,;&].*[=:]", middle))  # what follows looks like the next key
    masked = mask(form.format(f"Qq{middle}Zz"))
    assert "Qq" not in masked
    assert "Zz" not in masked


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("env.MQKEYRPWD", "s3cret", "***"),
        ("key_repository_password", "s3cret", "***"),
        ("CSPPasswordLength", "12", "12"),
        ("env.PWD", "/home/app", "/home/app"),
        ("key_repository", "/ssl/password/key", "/ssl/password/key"),
        ("certificate_label", "password", "password"),
        ("password", "", ""),
    ],
)
def test_name_decides_over_its_value(name: str, value: str, expected: str) -> None:
    assert mask_value(name, value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain é 漢", "plain é 漢"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b1m\x7f\x00", "\\x9b1m\\x7f\\x00"),
        ("a\u202eb\u2066", "a\\u{202e}b\\u{2066}"),
        ("a\u200b\ufeff\u2028", "a\\u{200b}\\u{feff}\\u{2028}"),
        ("a\tb\nc", "a b\\x0ac"),
        ("\ud800", "\\u{d800}"),
        ("a\xa0b", "a\\xa0b"),
    ],
)
def test_unprintable_is_written_out(text: str, expected: str) -> None:
    assert printable(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "pass" * 5000,
        "a" * 20_000,
        "password='" * 2000,
        "<a:password " * 2000,
        "-pass " * 4000,
        "PASSWORD" * 2500,
        "'" * 20_000,
        "[pass] = " * 2000,
        "[pass" * 4000,
    ],
)
def test_hostile_line_costs_little(text: str) -> None:
    begin = time.process_time()
    mask(text)
    assert time.process_time() - begin < 1
