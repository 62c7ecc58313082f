"""A small firm's cockpit: Dagster's UI as `customer360 ui` starts it, and a browser before it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scene import Scene

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# A headless browser that asks nothing of any network but this machine's own.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
START_SECONDS = 180


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("firm"))


@pytest.fixture(scope="module")
def cockpit(scene: Scene) -> Iterator[str]:
    """The address of the UI, with its schedules and sensors at work.

    Skipped where the machine has no browser to look at it with.
    """
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = Path(sys.executable).with_name("customer360")
    log = (scene.root / "ui.log").open("wb")
    ui = subprocess.Popen(
        [str(command), "ui", "-c", str(scene.root / "customer360.yaml"), "--port", str(port)],
        stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(f"{address}/server_info"):
            said = (scene.root / "ui.log").read_text(errors="replace")[-2000:]
            assert ui.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.5)
        yield address
    finally:
        os.killpg(ui.pid, signal.SIGKILL)
        ui.wait()
        log.close()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="module")
def page(cockpit: str) -> Iterator[Any]:
    """A page of a headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(base_url=cockpit, viewport={"width": 1500, "height": 950})
        # A run may wait for a build that the changed source started.
        page.set_default_timeout(300_000)
        yield page
        browser.close()
