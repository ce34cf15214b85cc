"""A throw-away repository with a portal, the forge's events, and a forge on this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

EVENTS = Path(__file__).parent / "events"
FORGES = ("GITHUB_", "CI_", "RUNNER_", "GITLAB_")


@pytest.fixture(autouse=True)
def _nothing_of_the_forge_that_runs_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(FORGES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "*")


@dataclass
class Repository:
    root: Path

    @property
    def datasets(self) -> Path:
        return self.root / "datasets"

    def git(self, *arguments: str) -> str:
        settings = ("-c", "user.name=t", "-c", "user.email=t@data.test.example", "-c", "init.defaultBranch=main")
        done = subprocess.run(["git", *settings, *arguments], cwd=self.root, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "--quiet", "--allow-empty", "-m", "x")
        return self.git("rev-parse", "HEAD")

    def add(self, folder: str, *, name: str = "", rows: str = "甲,1.5,1964-05-01", **replaced: str) -> Path:
        """One more dataset, like that of the parks."""
        made = self.datasets / folder
        shutil.copytree(self.datasets / "culture/parks", made)
        text = (made / "datapackage.yaml").read_text("utf-8")
        text = text.replace("name: parks\n", f"name: {name or made.name}\n", 1)
        for old, new in replaced.items():
            assert old in text
            text = text.replace(old, new)
        (made / "datapackage.yaml").write_text(text, "utf-8")
        (made / "parks.csv").write_text(f"park,area,opened\n{rows}\n", "utf-8")
        return made

    def event(self, name: str, base: str, head: str) -> Path:
        """A recorded payload, told of these commits."""
        text = (EVENTS / f"{name}.json").read_text("utf-8")
        file = self.root.parent / f"{name}.json"
        file.write_text(text.replace("BASE_SHA", base).replace("HEAD_SHA", head), "utf-8")
        return file


@pytest.fixture
def repository(portal: Path) -> Repository:
    made = Repository(portal)
    made.git("init", "--quiet")
    made.commit()
    return made


# --- a forge


@dataclass
class Forge:
    """What GitHub's REST interface knows of one repository, and every question that it was asked."""

    url: str = ""
    pulls: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    failures: list[int] = field(default_factory=list)
    """Codes that the next questions are answered with."""
    next_id: int = 1000

    @property
    def deeds(self) -> list[str]:
        return [method for method, _ in self.asked if method != "GET"]

    def say(self, author: str, body: str) -> dict[str, Any]:
        self.next_id += 1
        comment = {"id": self.next_id, "user": {"login": author, "type": "Bot"}, "body": body}
        self.comments.append(comment)
        return comment


class _Handler(BaseHTTPRequestHandler):
    forge: Forge

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        forge = self.forge
        forge.asked.append((self.command, self.path))
        forge.tokens.add(self.headers.get("Authorization", ""))
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        if forge.failures:
            self._send(forge.failures.pop(0), {"message": "no"})
            return
        prefix = "/api/repos/kaishu-portal/jiangmen"
        assert parts.path.startswith(prefix), parts.path
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self._send(*self._found(self.command, parts.path.removeprefix(prefix), query, body))

    def _found(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
        forge = self.forge
        match method, path.strip("/").split("/"):
            case "GET", ["pulls", number]:
                return 200, next(p for p in forge.pulls if p["number"] == int(number))
            case "GET", ["pulls"]:
                label = query["head"]
                return 200, self._page([p for p in forge.pulls if p["head"]["label"] == label], query)
            case "GET", ["issues", _, "comments"]:
                return 200, self._page(forge.comments, query)
            case "POST", ["issues", _, "comments"]:
                return 201, forge.say("github-actions[bot]", body["body"])
            case "PATCH", ["issues", "comments", id_]:
                comment = next(c for c in forge.comments if c["id"] == int(id_))
                comment.update(body)
                return 200, comment
            case "DELETE", ["issues", "comments", id_]:
                forge.comments[:] = [c for c in forge.comments if c["id"] != int(id_)]
                return 204, None
            case "GET", ["issues"]:
                found = [i for i in forge.issues if i["state"] == "open" and i["user"]["login"] == query["creator"]]
                return 200, self._page(found, query)
            case "POST", ["issues"]:
                forge.next_id += 1
                issue = {"number": forge.next_id, "state": "open", "user": {"login": "github-actions[bot]"}, **body}
                forge.issues.append(issue)
                return 201, issue
            case "PATCH", ["issues", number]:
                issue = next(i for i in forge.issues if i["number"] == int(number))
                issue.update(body)
                return 200, issue
        return 404, {"message": "Not Found"}

    @staticmethod
    def _page(found: list[Any], query: dict[str, str]) -> list[Any]:
        per, page = int(query["per_page"]), int(query["page"])
        return found[(page - 1) * per : page * per]

    def _send(self, code: int, content: Any) -> None:
        text = b"" if content is None else json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def forge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Forge]:
    made = Forge()
    handler = type("Handler", (_Handler,), {"forge": made})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        made.url = f"http://127.0.0.1:{server.server_port}/api"
        monkeypatch.setenv("GITHUB_API_URL", made.url)
        monkeypatch.setenv("GITHUB_TOKEN", "t0ken")
        monkeypatch.setenv("GITHUB_REPOSITORY", "kaishu-portal/jiangmen")
        yield made
        server.shutdown()
