"""The site is always a whole one: the old or the new, whatever happens in between."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import replace
from generator.errors import PublishError
from generator.publish import differences, publish, publishing, read_manifest
from generator.sitefile import SiteFile

ROOT = Path(__file__).resolve().parent.parent
ONE = [SiteFile("index.html", b"one"), SiteFile("data/a/a.csv", b"x\n1\n")]
TWO = [SiteFile("index.html", b"two"), SiteFile("data/b/b.csv", b"x\n2\n")]


def files_of(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_site_holds_the_files_and_a_manifest_of_them(tmp_path: Path) -> None:
    site = tmp_path / "out" / "site"
    publish(ONE, site)
    assert {p: c for p, c in files_of(site).items() if p != "manifest.json"} == {
        "index.html": b"one",
        "data/a/a.csv": b"x\n1\n",
    }
    manifest = read_manifest(site)
    assert manifest is not None
    assert [(e.path, e.bytes) for e in manifest.files] == [("data/a/a.csv", 4), ("index.html", 3)]
    assert differences(site) == []
    assert [p.name for p in site.parent.iterdir()] == ["site"], "nothing is left beside the site"


def test_second_site_replaces_the_first_whole(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(ONE, site)
    publish(TWO, site)
    assert set(files_of(site)) == {"index.html", "data/b/b.csv", "manifest.json"}
    assert differences(site) == []


def test_same_files_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    publish(ONE, tmp_path / "a")
    publish(reversed(ONE), tmp_path / "b")
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")


def test_content_may_be_a_file_which_stays_where_it_is(tmp_path: Path) -> None:
    source = tmp_path / "big.parquet"
    source.write_bytes(os.urandom(3 << 20))
    publish([SiteFile("data/big.parquet", source)], tmp_path / "site")
    copy = tmp_path / "site/data/big.parquet"
    assert copy.read_bytes() == source.read_bytes()
    assert copy.stat().st_ino != source.stat().st_ino


@pytest.mark.parametrize("change", ["other bytes", "gone"])
def test_a_file_that_is_no_longer_what_was_told_of_it_is_not_published(change: str, tmp_path: Path) -> None:
    source, site = tmp_path / "a.csv", tmp_path / "site"
    publish([SiteFile("old.txt", b"old")], site)
    source.write_bytes(b"n\n1\n")
    told = SiteFile("data/a.csv", source, hashlib.sha256(source.read_bytes()).hexdigest())
    source.write_bytes(b"n\n2\n") if change == "other bytes" else source.unlink()
    with pytest.raises(PublishError, match="was changed or moved away"):
        publish([told], site)
    assert (site / "old.txt").read_bytes() == b"old"
    assert not (site / "data").exists()


def test_pages_of_the_base_folder_are_in_the_site_and_give_way(tmp_path: Path) -> None:
    base = tmp_path / "base"
    (base / "about").mkdir(parents=True)
    (base / "index.html").write_bytes(b"base")
    (base / "about/index.html").write_bytes(b"about")
    publish(ONE, tmp_path / "site", base=base)
    assert files_of(tmp_path / "site")["index.html"] == b"one"
    assert files_of(tmp_path / "site")["about/index.html"] == b"about"
    assert differences(tmp_path / "site") == []
    assert not base.exists()


def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir(mode=0o700)
    (base / "page.html").write_bytes(b"")
    (base / "page.html").chmod(0o600)
    before = os.umask(0o077)
    try:
        publish(ONE, tmp_path / "site", base=base)
    finally:
        os.umask(before)
    for path in [tmp_path / "site", *(tmp_path / "site").rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../up", "a/../../up", "a//b", "a/", "./a", "a\\b", "a\0b", "a\nb", "C:/a", "a/."],
)
def test_paths_outside_the_site_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match=r"path|letter"):
        publish([SiteFile(path, b"")], tmp_path / "site")
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.csv", "a.csv"),
        ("a.csv", "A.csv"),
        ("é.csv", "e\u0301.csv"),
        ("a", "a/b"),
        ("a/b", "a"),
        ("a/x", "A/y"),
        ("manifest.json", "x"),
    ],
)
def test_paths_that_are_one_on_some_systems_are_refused(tmp_path: Path, one: str, other: str) -> None:
    publish(ONE, tmp_path / "site")
    with pytest.raises(ValueError, match=r"same path|called"):
        publish([SiteFile(one, b""), SiteFile(other, b"")], tmp_path / "site")
    assert files_of(tmp_path / "site")["index.html"] == b"one"


@given(st.lists(st.text(st.sampled_from("aAbé./\\ 中"), max_size=6), max_size=5))
def test_whatever_the_paths_nothing_is_written_beside_the_site(
    tmp_path_factory: pytest.TempPathFactory, paths: list[str]
) -> None:
    around = tmp_path_factory.mktemp("around")
    try:
        publish([SiteFile(path, b"") for path in paths], around / "site")
    except ValueError:
        assert list(around.iterdir()) == []
    else:
        assert [p.name for p in around.iterdir()] == ["site"]
        assert set(files_of(around / "site")) == {*paths, "manifest.json"}


def test_failure_on_the_way_leaves_the_old_site(tmp_path: Path) -> None:
    def broken() -> Iterator[SiteFile]:
        yield SiteFile("index.html", b"three")
        raise RuntimeError("a template is broken")

    publish(ONE, tmp_path / "site")
    with pytest.raises(RuntimeError, match="template"):
        publish(broken(), tmp_path / "site")
    assert files_of(tmp_path / "site")["index.html"] == b"one"
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


# What may not be replaced


def test_somebodys_folder_is_not_replaced(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "thesis.docx").write_bytes(b"ten years of work")
    with pytest.raises(PublishError, match=r"manifest\.json") as caught:
        publish(ONE, site)
    assert "不会替换" in caught.value.text.to("zh")[0]
    assert "not replaced" in caught.value.text.to("en")[0]
    assert files_of(site) == {"thesis.docx": b"ten years of work"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"files": []}', b'{"generator": "hugo", "files": []}'])
def test_another_programs_manifest_is_not_ours(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/manifest.json").write_bytes(content)
    with pytest.raises(PublishError):
        publish(ONE, tmp_path / "site")


@pytest.mark.parametrize("stranger", ["CNAME", ".git/HEAD", "data/notes.txt"])
def test_site_with_a_strangers_file_is_not_replaced(tmp_path: Path, stranger: str) -> None:
    site = tmp_path / "site"
    publish(ONE, site)
    (site / stranger).parent.mkdir(exist_ok=True)
    (site / stranger).write_bytes(b"mine")
    with pytest.raises(PublishError, match=stranger):
        publish(TWO, site)
    assert files_of(site)[stranger] == b"mine"


def test_link_inside_the_site_counts_as_a_strangers_file(tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    publish(ONE, site)
    elsewhere.mkdir()
    (elsewhere / "kept.txt").write_bytes(b"kept")
    (site / "link").symlink_to(elsewhere)
    with pytest.raises(PublishError, match="link"):
        publish(TWO, site)
    assert files_of(elsewhere) == {"kept.txt": b"kept"}


def test_file_managers_litter_does_not_matter(tmp_path: Path) -> None:
    publish(ONE, tmp_path / "site")
    (tmp_path / "site/data/.DS_Store").write_bytes(b"")
    publish(TWO, tmp_path / "site")
    assert differences(tmp_path / "site") == []


def test_empty_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    publish(ONE, tmp_path / "site")
    assert differences(tmp_path / "site") == []


def test_link_to_the_site_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "site").symlink_to(tmp_path / "real")
    publish(ONE, tmp_path / "site")
    assert (tmp_path / "site").is_symlink()
    assert differences(tmp_path / "real") == []


def test_root_and_home_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    (tmp_path / "user").mkdir()
    for folder in (Path("/"), tmp_path / "user", tmp_path):
        with pytest.raises(PublishError, match="place"), publishing(folder):
            pass
    publish(ONE, tmp_path / "user" / "site")


@pytest.mark.parametrize("site", ["project", "project/datasets", "project/datasets/site", "."])
def test_folders_that_the_build_reads_are_refused(tmp_path: Path, site: str) -> None:
    datasets = tmp_path / "project" / "datasets"
    datasets.mkdir(parents=True)
    with pytest.raises(PublishError, match="datasets"), publishing(tmp_path / site, inputs=[datasets]):
        pass
    with publishing(tmp_path / "project" / "site", inputs=[datasets]) as publication:
        publication.write(ONE)


# Two at once, and killed ones


def test_second_build_of_one_site_is_told_so(tmp_path: Path) -> None:
    with publishing(tmp_path / "site") as publication:
        second = run(f"publish(ONE, Path({str(tmp_path / 'site')!r}))")
        assert "PublishError" in second.stderr
        assert "另一个 kaishu" in second.stderr
        assert "Another kaishu" in second.stderr
        publication.write(ONE)
    assert run(f"publish(TWO, Path({str(tmp_path / 'site')!r}))").returncode == 0
    assert files_of(tmp_path / "site")["index.html"] == b"two"


def test_workers_of_a_killed_build_do_not_hold_the_lock(tmp_path: Path) -> None:
    site = tmp_path / "site"
    code = f"""
        with publishing(Path({str(site)!r})):
            child = os.fork()
            if child:
                print(child, flush=True)
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)
    """
    # The worker keeps the output open, so only its line is read.
    with subprocess.Popen(command(code), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        try:
            assert process.wait(timeout=30) == -signal.SIGKILL
            publish(ONE, site)
        finally:
            os.kill(worker, signal.SIGKILL)
    assert differences(site) == []


def test_killed_at_any_moment_the_site_is_whole(tmp_path: Path) -> None:
    """A process that does nothing but publish is killed again and again, with and without atomic exchange."""
    site = tmp_path / "site"
    code = f"""
        site = Path({str(site)!r})
        for number in itertools.count():
            mark = str(number).encode()
            publish([SiteFile(f"pages/{{i}}/index.html", mark * 200) for i in range(60)], site)
            print(number, flush=True)
    """
    publish([SiteFile(f"pages/{i}/index.html", b"start") for i in range(60)], site)
    chance = random.Random(4407)
    completed = 0
    for _ in range(15):
        process = subprocess.Popen(command(code), cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()  # it is running
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        completed += 1 + len(process.communicate()[0].splitlines())
        assert differences(site) == []
        assert len(set(files_of(site).values())) == 2, "pages of one build, and its manifest"
    publish(ONE, site)
    assert differences(site) == []
    assert [p.name for p in tmp_path.iterdir()] == ["site"], "what the killed ones left is gone"
    assert completed > 15


@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_killed_where_the_system_cannot_exchange_the_next_run_mends_it(tmp_path: Path, moment: str) -> None:
    """Without an exchange there are two renames; the run is killed before, between and after them."""
    site = tmp_path / "site"
    publish(ONE, site)
    renames = {"before": 0, "between": 1, "after": 2}[moment]
    code = f"""
        done, real = [], Path.rename
        def rename(self, target):
            if len(done) == {renames}:
                os.kill(os.getpid(), signal.SIGKILL)
            done.append(target)
            return real(self, target)
        Path.rename = rename
        shutil.rmtree = lambda path: os.kill(os.getpid(), signal.SIGKILL)
        replace.exchange = lambda one, other: False
        publish(TWO, Path({str(site)!r}))
    """
    assert run(code).returncode == -signal.SIGKILL
    assert site.exists() == (moment != "between")
    with publishing(site):
        assert files_of(site)["index.html"] == (b"two" if moment == "after" else b"one")
        assert differences(site) == []
    assert [p.name for p in tmp_path.iterdir()] == ["site"]
    publish(TWO, site)
    assert differences(site) == []


def test_without_exchange_the_site_is_replaced_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replace, "exchange", lambda one, other: False)
    publish(ONE, tmp_path / "site")
    publish(TWO, tmp_path / "site")
    assert set(files_of(tmp_path / "site")) == {"index.html", "data/b/b.csv", "manifest.json"}
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_what_cannot_be_replaced_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(one: Path, other: Path) -> bool:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    publish(ONE, tmp_path / "site")
    monkeypatch.setattr(replace, "exchange", busy)
    with pytest.raises(PublishError, match="mount point"):
        publish(TWO, tmp_path / "site")
    assert files_of(tmp_path / "site")["index.html"] == b"one"


def command(code: str) -> list[str]:
    head = """
        import itertools, os, shutil, signal, time
        from pathlib import Path
        from generator import replace
        from generator.publish import publish, publishing
        from generator.sitefile import SiteFile
        ONE = [SiteFile("index.html", b"one"), SiteFile("data/a/a.csv", b"x\\n1\\n")]
        TWO = [SiteFile("index.html", b"two"), SiteFile("data/b/b.csv", b"x\\n2\\n")]
    """
    return [sys.executable, "-c", textwrap.dedent(head) + textwrap.dedent(code)]


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(code), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
