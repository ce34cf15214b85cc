"""GitHub's REST interface, as far as comments and reminders need it.

``requests`` brings what is easily got wrong: proxies, certificates, timeouts, and tries that are made again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from generator import __version__
from generator.errors import ForgeError

API = "https://api.github.com"
AUTHOR = "github-actions[bot]"
"""Whose token a workflow has. Of its comments and issues alone anything is changed."""
TIMEOUT = 30
PAGES = 30
PER_PAGE = 100
_NAME = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")


class GitHub:
    """One repository, with the token of the environment."""

    def __init__(self, repository: str, *, token: str, api: str = API) -> None:
        if not _NAME.fullmatch(repository):
            raise ForgeError(f"不是仓库名：{repository}", f"{repository} is no name of a repository.")
        self.repository = repository
        self._base = f"{api.rstrip('/')}/repos/{repository}"
        self._session = requests.Session()
        again = Retry(total=3, backoff_factor=0.5, status_forcelist=(500, 502, 503, 504), allowed_methods=("GET",))
        again.raise_on_status = False
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=again))
        self._session.headers.update(
            {
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
                "User-Agent": f"kaishu/{__version__}",
                **({"Authorization": f"Bearer {token}"} if token else {}),
            }
        )

    @classmethod
    def of_environment(cls, repository: str = "") -> GitHub:
        return cls(
            repository or os.environ.get("GITHUB_REPOSITORY", ""),
            token=os.environ.get("GITHUB_TOKEN", ""),
            api=os.environ.get("GITHUB_API_URL") or API,
        )

    def get(self, path: str) -> Any:
        return self._ask("GET", path)

    def each(self, path: str, **parameters: str) -> Iterator[Mapping[str, Any]]:
        """Every entry of a list, page by page."""
        for page in range(1, PAGES + 1):
            found = self._ask("GET", path, parameters={**parameters, "per_page": str(PER_PAGE), "page": str(page)})
            if not isinstance(found, list):
                raise _strange("GET", path)
            yield from (each for each in found if isinstance(each, Mapping))
            if len(found) < PER_PAGE:
                return

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._ask("POST", path, body=body)

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._ask("PATCH", path, body=body)

    def delete(self, path: str) -> None:
        self._ask("DELETE", path)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            answer = self._session.request(
                method, f"{self._base}{path}", params=parameters, json=body, timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            raise ForgeError(
                f"连不上 GitHub（{method} {path}）：{type(error).__name__}",
                f"GitHub cannot be reached ({method} {path}): {type(error).__name__}",
            ) from error
        if not 200 <= answer.status_code < 300:
            raise ForgeError(
                f"GitHub 拒绝了 {method} {path}：HTTP {answer.status_code}",
                f"GitHub refused {method} {path}: HTTP {answer.status_code}",
            )
        if not answer.content:
            return None
        try:
            return answer.json()
        except ValueError as error:
            raise _strange(method, path) from error


def _strange(method: str, path: str) -> ForgeError:
    return ForgeError(
        f"看不懂 GitHub 对 {method} {path} 的回答。", f"GitHub's answer to {method} {path} makes no sense."
    )


def is_own(entry: Mapping[str, Any], author: str) -> bool:
    user = entry.get("user")
    return isinstance(user, Mapping) and user.get("login") == author
