"""One who follows a page of the documentation to the letter: block after block, in one folder."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.docs.pages import ROOT, Block
from tests.sdk.world import Platform

from magpie.carriers.smpp import options_of
from magpie.media.profile import Profiles
from magpie.settings import Settings, SmppSettings

RUN = {"sh", "python", "js", "toml", "json"}
LANGUAGES = RUN | {"text", "nginx"}
# What a block can say of itself beside its language.
WORDS = {"unrun", "background", "profile"}
NODE_MODULES = ROOT / "tests/sdk/node/node_modules"
_SECONDS = 60

# `here` tells where the block stands that failed; `port` is the one on which a block in the
# background listens.
_BEGIN = "set -euo pipefail\ntrap 'echo failed: $here >&2' ERR\n"
_LISTENS = "until (exec 3<>/dev/tcp/127.0.0.1/{port}) 2>/dev/null; do sleep 0.05; done\n"


class Reader:
    """`replaced` are the addresses that the pages name, with those that stand for them here."""

    def __init__(self, folder: Path, platform: Platform, replaced: dict[str, str]) -> None:
        self._folder = folder
        self._replaced = replaced
        account_sid, auth_token = platform.auth
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAGPIE_", "TWILIO_"))}
        self._environment = kept | {
            "TWILIO_ACCOUNT_SID": account_sid,
            "TWILIO_AUTH_TOKEN": auth_token,
            "NODE_PATH": str(NODE_MODULES),
            "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }
        (folder / ".magpie").symlink_to(platform.data)
        (folder / ".venv").symlink_to(sys.prefix)
        (folder / "docs").symlink_to(ROOT / "docs")

    def read(self, page: Sequence[Block]) -> list[str]:
        """Do what the blocks say; gives where each stands that did something.

        The shell's blocks are one session, so that what one sets is there in the next.
        """
        meant = [block for block in page if block.language in RUN and "unrun" not in block.words]
        for block in meant:
            if block.file:
                (self._folder / block.file).write_text(self._here(block))
        self._shell([block for block in meant if block.language == "sh"])
        for block in meant:
            self._try(block)
        return [f"{block.where} {block.language}" for block in meant]

    def _try(self, block: Block) -> None:
        text = self._here(block)
        match block.language:
            case "python" if block.file is None:
                self._run([sys.executable, "-c", text], block.where)
            case "js" if block.file is None:
                self._run(["node", "-e", text], block.where)
            case "toml" if "profile" in block.words:
                (self._folder / "own.toml").write_text(text)
                assert "own" in Profiles.load(self._folder)
                (self._folder / "own.toml").unlink()
            case "toml":
                self._settings(text)
            case "json":
                json.loads(text)

    def _shell(self, blocks: Sequence[Block]) -> None:
        if not blocks:
            return
        listens = _LISTENS.format(port=self._replaced["5000"])
        script = _BEGIN
        for block in blocks:
            text = self._here(block)
            behind = "background" in block.words
            script += f"here={block.where}\n"
            script += f"{{\n{text}}} &\n{listens}" if behind else text
        self._run(["bash", "-c", script], blocks[0].page)

    def _run(self, command: Sequence[str], where: str) -> None:
        """What it leaves running is ended with it."""
        log = self._folder / "log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                command,
                cwd=self._folder,
                env=self._environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = process.wait(_SECONDS)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
        assert code == 0, f"{where} ended with {code}:\n{log.read_text()}"

    def _settings(self, text: str) -> None:
        file = self._folder / "magpie.toml"
        file.write_text(text)
        settings = Settings.load({"MAGPIE_CONFIG": str(file)})
        for carrier in settings.carriers:
            if isinstance(carrier, SmppSettings):
                options_of(carrier)

    def _here(self, block: Block) -> str:
        text = block.text
        for named, ours in self._replaced.items():
            text = text.replace(named, ours)
        return text


class _Picture(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        picture = (ROOT / "docs/images/magpie.png").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(picture)))
        self.end_headers()
        self.wfile.write(picture)

    def log_message(self, *_: object) -> None:
        """Silence."""


@contextmanager
def pictures() -> Iterator[str]:
    """A host that answers every path with a picture."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Picture)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)
