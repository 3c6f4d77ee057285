"""Chromium of the system, without a network: a page that asks for anything fails its test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
Opener = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser. Where there is none the tests fail: whoever asks for them wants to know."""
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(
            f"no browser: install one of {', '.join(NAMES)} (Debian: apt-get install chromium), or set CHROMIUM"
        )
    # As root, in a container, Chromium has no sandbox.
    options = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=found, args=options)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Opener]:
    """Opens the text of a page from disk; at the end no script may have failed and nothing may have been asked for."""
    told: list[str] = []
    contexts: list[Any] = []

    def go(text: str, *, width: int = 1280, dark: bool = False) -> Any:
        file = tmp_path / "page.html"
        file.write_text(text, encoding="utf-8")
        scheme = "dark" if dark else "light"
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: told.append(f"error: {error}"))
        page.on("dialog", lambda dialog: told.append(f"dialog: {dialog.message}"))
        page.on("request", lambda asked: None if asked.url == file.as_uri() else told.append(f"request: {asked.url}"))
        page.goto(file.as_uri())
        return page

    yield go
    for context in contexts:
        context.close()
    assert told == []
