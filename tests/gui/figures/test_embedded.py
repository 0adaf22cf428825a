from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from PySide6.QtGui import QImage

from engine.contract import Against
from gui.annotation import AnnotatedWord, Annotation
from gui.examples.example_set import Example, ExampleSet, Walk
from gui.figures import embedded
from gui.figures.composing import compose_view
from gui.figures.embedded import UnreadableFigureError, png_chunk, settings_of, state_in, xml_element
from gui.figures.files import save
from gui.figures.sizes import Size
from gui.state import AppState, Compared, Comparison, Grouping, Hover, Node, Place, Sorting, ViewState
from gui.viewkit import discover
from tests.gui import samples

KINDS = ("svg", "pdf", "png")
SIZE = Size(320, 240)
WORDS = next(view for view in discover() if view.id == "words")
SECRET = "what nobody else shall read"
STATE = AppState(
    text="naïve </settings> & “ɪntə” مرحبا 👩‍👩‍👧",
    pair="]]>",
    model="folder/Modell ü",
    method="rollout",
    parameters=(("bias", "none"),),
    target="positive",
    against=Against.NOTHING,
    place=Place(3, None),
    view=ViewState(
        view="layers",
        layer=5,
        head=2,
        coverage=0.55,
        grouping=Grouping.THIRDS,
        split_words=("naïve",),
        scale_top=0.25,
        annotation=Annotation((AnnotatedWord("naïve", "simple", "ADJ", 0, "root"),)),
        sorting=Sorting("score", True),
        hover=Hover(1),
        traced=Node(4, 2),
        theme="dark",
    ),
    comparison=Comparison(Compared.METHODS, text="a text", method="attention", layer=2),
    slides=(AppState(text=SECRET),),
    walk=Walk(ExampleSet("pairs", (Example(SECRET),)), 0),
)
KEPT = replace(STATE, slides=(), walk=None, view=replace(STATE.view, hover=None, theme="light"))


def saved(folder: Path, kind: str, state: AppState | None = STATE) -> Path:
    path = folder / f"figure.{kind}"
    figure = compose_view(WORDS, samples.explanation("one two"), ViewState(), SIZE)
    save(figure, path, SIZE, title="one two", state=state)
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("figures")
    return {kind: saved(folder, kind).read_bytes() for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_saved_comes_back(tmp_path: Path, kind: str) -> None:
    path = saved(tmp_path, kind)
    assert state_in(path) == KEPT
    assert SECRET.encode() not in path.read_bytes()
    renamed = path.rename(tmp_path / "figure.data")
    assert state_in(renamed) == KEPT, "what it is shows in its content"


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_without_settings_says_so(tmp_path: Path, kind: str) -> None:
    with pytest.raises(UnreadableFigureError, match=rf"figure\.{kind}” holds no settings"):
        state_in(saved(tmp_path, kind, None))


def test_a_saved_slide_or_list_is_never_taken_from_a_figure(tmp_path: Path) -> None:
    plain = json.loads(settings_of(KEPT))
    plain["slides"] = [json.loads(settings_of(KEPT))]
    path = tmp_path / "edited.svg"
    path.write_text(f"<svg>{xml_element(json.dumps(plain))}</svg>")
    assert state_in(path) == KEPT


def svg_with(settings: str) -> bytes:
    return f"<svg xmlns='http://www.w3.org/2000/svg'>{xml_element(settings)}</svg>".encode()


def png_with(*chunks: bytes) -> bytes:
    return embedded.PNG_START + b"".join(chunks)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


BOMB = zlib.compress(b" " * 40_000_000)
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "holds no settings"),
    "a photograph": (b"\xff\xd8\xff\xe0 not ours", "holds no settings"),
    "no JSON": (svg_with("{"), "damaged"),
    "no state": (svg_with("[]"), "damaged"),
    "a version to come": (svg_with('{"version": 99}'), "newer version"),
    "a version that is none": (svg_with('{"version": "2"}'), "damaged"),
    "depth": (svg_with("[" * 200_000), "damaged"),
    "deep objects": (svg_with('{"slides":[' * 50_000), "damaged"),
    "a long number": (svg_with('{"version": 2, "view": {"layer": ' + "9" * 50_000 + "}}"), "damaged"),
    "an endless number": (svg_with('{"version": 2, "view": {"scale_top": 1e999}}'), "damaged"),
    "no number": (svg_with('{"version": 2, "view": {"coverage": NaN}}'), "damaged"),
    "half a letter": (svg_with('{"version": 2, "text": "\\ud83d"}'), "damaged"),
    "a node of no model": (svg_with('{"version": 2, "traced": [-1, 0]}'), "damaged"),
    "a node of words": (svg_with('{"version": 2, "traced": "xy"}'), "damaged"),
    "a true node": (svg_with('{"version": 2, "traced": [true, false]}'), "damaged"),
    "entities": (
        f'<!DOCTYPE svg [<!ENTITY e0 "ha">{ENTITIES}]><svg>{xml_element("&e9;")}</svg>'.replace("&amp;", "&").encode(),
        "damaged",
    ),
    "a file of this machine": (
        f'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg>{xml_element("{}")}</svg>'.encode(),
        "damaged",
    ),
    "an unknown alphabet": (
        b'<?xml version="1.0" encoding="rot13"?>' + svg_with("{"),
        "damaged",
    ),
    "a cut PNG": (png_with(png_chunk(settings_of(KEPT)))[:-40], "damaged"),
    "an edited PNG": (png_with(png_chunk(settings_of(KEPT)).replace(b"layers", b"LAYERS")), "damaged"),
    "a packed bomb": (png_with(chunk(b"iTXt", b"headstream\0\1\0\0\0" + BOMB)), "damaged"),
    "an old packed bomb": (png_with(chunk(b"zTXt", b"headstream\0\0" + BOMB)), "damaged"),
    "no packing": (png_with(chunk(b"zTXt", b"headstream\0\0" + b"xxxx")), "damaged"),
    "a chunk without end": (png_with(b"\xff\xff\xff\xffiTXtheadstream\0"), "damaged"),
    "empty chunks": (png_with(chunk(b"IDAT", b"") * 200_000), "holds no settings"),
    "a PDF of packets": (b"%PDF-1.4" + b"<x:xmpmeta" * 100_000, "holds no settings"),
    "a packet of nothing": (b"%PDF-1.4<x:xmpmeta>" + embedded.NAMESPACE.encode() + b"</x:xmpmeta>", "damaged"),
}


@pytest.mark.parametrize("name", list(HOSTILE))
@pytest.mark.timeout(10)
def test_a_hostile_file_gives_one_sentence(tmp_path: Path, name: str) -> None:
    data, says = HOSTILE[name]
    path = tmp_path / "hostile.svg"
    path.write_bytes(data)
    with pytest.raises(UnreadableFigureError, match=says) as caught:
        state_in(path)
    assert "hostile.svg" in str(caught.value)
    assert len(str(caught.value)) < 240


@pytest.mark.parametrize("name", ["", "none.svg", "no\0name.svg", "x" * 300])
def test_what_is_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFigureError):
        state_in(tmp_path / name)


def test_a_file_beyond_measure_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LARGEST_FILE", 1000)
    path = tmp_path / "large.svg"
    path.write_bytes(b" " * 1001)
    with pytest.raises(UnreadableFigureError, match="too large"):
        state_in(path)


def test_settings_written_by_other_programs(tmp_path: Path) -> None:
    """Inkscape gives the namespace a name and writes quotes as entities; ImageMagick packs texts."""
    text = settings_of(KEPT)
    renamed = (
        f'<?xml version="1.0"?><svg xmlns:hs="{embedded.NAMESPACE}"><metadata><hs:settings><![CDATA['
        + text.replace("]]>", "]]]]><![CDATA[>")
        + "]]></hs:settings></metadata></svg>"
    )
    packet = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{xml_element(text)}</x:xmpmeta>"
    packed = b"headstream\0\0" + zlib.compress(text.encode())
    forms = {
        "prefixed.svg": renamed.encode(),
        "marked.svg": b"\xef\xbb\xbf" + svg_with(text),
        "quoted.svg": svg_with(text).replace(b'"version"', b"&quot;version&quot;"),
        "packed.png": png_with(chunk(b"IDAT", b"x"), chunk(b"zTXt", packed)),
        "plain.png": png_with(chunk(b"tEXt", b"headstream\0" + text.encode())),
        "tidy.png": png_with(chunk(b"iTXt", b"headstream\0\1\0en\0\0" + zlib.compress(text.encode()))),
        "twice.pdf": b"%PDF-1.7\n<x:xmpmeta/>" + packet.encode(),
    }
    for name, data in forms.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert state_in(path) == KEPT, name


def survives(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        state = state_in(path)
    except UnreadableFigureError:
        return
    assert state.slides == ()
    assert state.walk is None


FUZZED = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
STARTS = [b"", embedded.PNG_START, embedded.PDF_START, b"<svg>", f'<settings xmlns="{embedded.NAMESPACE}">'.encode()]


@FUZZED
@given(some.sampled_from(STARTS), some.binary(max_size=400))
def test_any_bytes_give_a_state_or_a_sentence(tmp_path: Path, start: bytes, data: bytes) -> None:
    survives(tmp_path / "any", start + data)


@FUZZED
@given(some.sampled_from(KINDS), some.floats(0, 1))
def test_a_file_cut_anywhere(tmp_path: Path, files: dict[str, bytes], kind: str, share: float) -> None:
    data = files[kind]
    survives(tmp_path / "cut", data[: int(share * len(data))])


@FUZZED
@given(some.sampled_from(KINDS), some.lists(some.tuples(some.floats(0, 1), some.integers(0, 255)), max_size=6))
def test_a_file_with_other_bytes(
    tmp_path: Path, files: dict[str, bytes], kind: str, changes: list[tuple[float, int]]
) -> None:
    data = bytearray(files[kind])
    start = data.find(b"version")  # most changes shall meet the settings
    for share, value in changes:
        data[min(len(data) - 1, start + int(share * 1500))] = value
    survives(tmp_path / "edited", bytes(data))


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@FUZZED
@given(some.data())
def test_any_value_in_any_place(tmp_path: Path, data: some.DataObject) -> None:
    plain = json.loads(settings_of(KEPT))
    place: dict[str, object] = plain
    while True:
        key = data.draw(some.sampled_from(sorted(place)))
        inner = place[key]
        if not isinstance(inner, dict) or data.draw(some.booleans()):
            place[key] = data.draw(JSON)
            break
        place = inner
    survives(tmp_path / "edited.svg", svg_with(json.dumps(plain)))


@pytest.mark.parametrize(("kind", "opened"), [("png", QImage)])
def test_other_programs_still_open_it(tmp_path: Path, kind: str, opened: Callable[[str], QImage]) -> None:
    picture = opened(str(saved(tmp_path, kind)))
    assert (picture.width(), picture.height()) == (320, 240)
    assert picture.text("Title") == "one two"
