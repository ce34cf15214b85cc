"""What is taken for plain UTF-8 is UTF-8 for frictionless, too."""

from __future__ import annotations

import random
from pathlib import Path

import frictionless
import pytest

from generator.tables.opening import open_package
from generator.tables.utf8 import is_plain_utf8

WORDS = "东湖 公园 建成日期 台山市 naïve café id 2001-05-01 3.14 — ½ €12 москва αβγ 日本語 한국어 🌊 BM ID3 MZ PK GIF89a".split()
ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "utf-16-le", "cp1252", "latin-1", "hz", "utf-7", "iso2022_jp")


def samples() -> list[bytes]:
    r = random.Random(7)
    found = [
        b"",
        b"\n",
        b"a",
        "东".encode(),
        "é".encode(),
        b"BM,MI\n1,2\n",
        b"PAR1\n",
        b"MZ\n",
        "a,b\n1,东".encode()[:-1],
    ]
    for _ in range(4000):
        marks = r.choice((",", ";\t", ",~{}", ",+-", ",<>#", ',"', "\0,", "\x1b,"))
        text = "".join(
            r.choice(WORDS) + r.choice(marks) + r.choice(("", "", "\n", "\r\n")) for _ in range(r.randrange(1, 60))
        )
        sample = text.encode(r.choice((*ENCODINGS, "utf-8", "utf-8", "utf-8")), "ignore")
        found.append(sample[: r.randrange(len(sample) + 1)] if r.random() < 0.3 else sample)
        found.append(bytes(r.randrange(0x20, 0xFF) for _ in range(r.randrange(40))))
    return found


def test_frictionless_says_the_same() -> None:
    plain = [sample for sample in samples() if is_plain_utf8(sample)]
    assert len(plain) > 700
    detector = frictionless.Detector()
    assert {sample: name for sample in plain if (name := detector.detect_encoding(sample)) != "utf-8"} == {}


@pytest.mark.parametrize("text", ["name\n东湖\n", "name\nEast Lake\n", "name\n+86 ~{ <b> #\n", "\ufeffname\n东湖\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_tables_are_opened_in_the_same_encoding(tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "lakes.csv").write_bytes(text.encode(encoding))
    descriptor = {"name": "lakes", "resources": [{"name": "lakes", "path": "lakes.csv"}]}
    ours = open_package(descriptor, tmp_path).resources[0]
    theirs = frictionless.Package.from_descriptor(descriptor, basepath=str(tmp_path)).resources[0]
    assert (
        ours.validate().to_descriptor()["tasks"][0]["errors"] == theirs.validate().to_descriptor()["tasks"][0]["errors"]
    )
    assert ours.encoding == theirs.encoding
