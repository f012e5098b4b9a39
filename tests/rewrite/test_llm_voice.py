"""A team's voice: what can be read, and what is said of what can't."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rewrite.voice import Voice, VoiceError, avoided, read_voice

POST = "The oven is back. What should we bake first on Saturday?"
OTHER = "Two seats left in the van.\nWho lives near the bridge?"


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


WANTED = Voice(samples=(POST, OTHER), do=("you", "we tried"), dont=("leverage", "circle back"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("v.txt", f"do: you, we tried\ndon't: leverage, circle back\n{POST}\n---\n{OTHER}\n"),
        ("v.md", f"# How we talk\n\n{POST}\n\n-----\n\n{OTHER}\n\nDo: you, we tried\nDON’T: leverage\n"
                 "dont: circle back"),
        ("v.txt", f"\ufeff{POST}\r\n---\r\nTwo seats left in the van.\r\nWho lives near the bridge?\r\n"
                  "do: you, we tried\r\ndont: leverage, circle back\r\n"),
        ("v.yaml", f'samples:\n  - "{POST}"\n  - "Two seats left in the van.\\nWho lives near the bridge?"\n'
                   "do: [you, we tried]\ndont: [leverage, circle back]"),
    ],
)  # fmt: skip
def test_read(tmp_path: Path, name: str, text: str) -> None:
    assert read_voice(written(tmp_path, name, text)) == WANTED


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("v.pdf", "x", "can't tell how to read this"),
        ("v.txt", b"\xff\xfe\x00", "not UTF-8"),
        ("v.txt", "# only a heading\n", "no sample post and no word"),
        ("v.yaml", "", "expected the keys"),
        ("v.yaml", "samples: [a\n", "line 2: not YAML"),
        ("v.yaml", "- a", "expected the keys samples, do, dont"),
        ("v.yaml", "tone: kind", "unknown keys tone"),
        ("v.yaml", "do: 5", "do must be a list of texts"),
        ("v.yaml", "do: [yes]", "do must be a list of texts"),
        ("v.yaml", "a: &a [x, x]\nsamples: [*a, *a]", "unknown keys a"),
        ("v.yaml", "!!python/object/apply:os.system ['true']", "not YAML"),
        ("v.yaml", "dont: [" + "x" * 61 + "]", "entry 1 under don't"),
        ("v.txt", "do: " + ", ".join(["x"] * 101), "at most 100"),
        ("v.txt", "x" * 2001, "sample post 1 has 2,001 characters"),
        ("v.txt", "\n---\n".join(f"post {n}" for n in range(9)), "at most 8"),
        ("v.txt", "x" * 100_001, "larger than 100 kB"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, text: str | bytes, said: str) -> None:
    path = written(tmp_path, name, text)
    with pytest.raises(VoiceError) as error:
        read_voice(path)
    assert said in str(error.value)
    assert str(path) in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="No such file"):
        read_voice(tmp_path / "v.txt")


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    for name in ("v.txt", "v.yaml"):
        path = written(tmp_path_factory.mktemp("voice"), name, text.encode("utf-8", "replace"))
        try:
            read_voice(path)
        except VoiceError as error:
            assert str(path) in str(error)


def test_the_digest_is_the_voices() -> None:
    assert WANTED.digest == WANTED.model_copy().digest
    assert WANTED.digest != WANTED.model_copy(update={"do": ()}).digest


@pytest.mark.parametrize(
    ("text", "kept", "found"),
    [
        ("Let us leverage this.", (), True),
        ("LEVERAGE it. Who would?", (), True),
        ("A leveraged buyout.", (), False),
        ("We can circle back.", (), True),
        ("[who can leverage this?] Nobody yet.", (), False),
        ("Ask Leverage Ltd. about it.", ("Leverage Ltd",), False),
    ],
)
def test_words_to_avoid(text: str, kept: tuple[str, ...], found: bool) -> None:
    assert bool(avoided(text, WANTED.dont, kept)) == found
