"""Model folders made to do harm: each number gives the same damage to a copy of a good folder, every time.

What is drawn is one or two of: a value of a file changed for one that nobody would write, bytes changed, a file cut,
swapped for a link, a folder or a pipe, or put in where none was, and the header of the weights rewritten.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

WEIGHTS = "model.safetensors"
JSON_FILES = ("config.json", "tokenizer.json", "tokenizer_config.json")
MARK = "ran"  # a file that appears beside the folder when code of the folder runs
SECRET = "secret.txt"  # beside the folder: nobody who opens the folder may read it

NUMBERS: tuple[Any, ...] = (
    0, -1, 1, 2, 3, 5, 7, 64, 199, 200, 201, 1000, 2**20, 2**20 + 1, 2**31 - 1, 2**31, 2**32, 2**53, 2**63 - 1, 2**63,
    2**64, 10**12, 10**30, -(2**63), 0.0, -0.0, 0.5, 1e-300, 1e308, -1e308, 1.5,
)  # fmt: skip
WORDS = (
    "", " ", "\0", "null", "auto", "absolute", "relative_key", "gelu", "relu", "linear", "BertModel", "bert", "llama",
    "../secret.txt", "/etc/passwd", "/dev/zero", "/proc/self/mem", "~/x", "https://example.com/x", "file:///etc/passwd",
    "evil.Model", "someone/evil--evil.Model", "__class__", "{{ x }}", "%s%n", "é", "e\u0301", "\u202e", "\ud800", "😀",
    "os.system", "float16", "float8_e4m3fn", "bfloat16", "torch.float32", "flash_attention_2", "flex_attention",
    "kernels-community/flash-attn", "x" * 3000, "[MASK]", "[CLS]", "<mask>", "▁", "Ġ", "##", "(" * 200, "(a+)+$",
    "mean", "regression", "multi_label_classification", "full_attention", "sliding_attention", "inf", "nan", "-1", "0",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, False, [], {}, [[]], [None], [0], [-1], [10**12], ["a", "a"], {"": None}, {"a": {"a": {}}}, {"0": 0},
    {"0": "a", "1": "a"}, {"0": "a", "00": "b"}, {"0": None, "1": []}, {"1e3": "a"}, {"-1": "a"}, {"0.5": "a"}, [1, 2],
    {"AutoModel": "evil.Model", "AutoConfig": "evil.Model", "AutoTokenizer": ["evil.Model", "evil.Model"]},
    {"quant_method": "gptq", "bits": 4}, {"factor": 0}, {"rope_type": "yarn"}, {"type": "BPE"},
    {"content": "x", "__type": "AddedToken"}, {"0": {"content": "[PAD]", "special": "yes"}}, [{"a": 1}] * 3,
)  # fmt: skip
CONFIG_KEYS = (
    "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "type_vocab_size",
    "max_position_embeddings", "layer_norm_eps", "pad_token_id", "id2label", "label2id", "num_labels", "architectures",
    "model_type", "hidden_act", "problem_type", "auto_map", "trust_remote_code", "transformers_weights", "dtype",
    "torch_dtype", "_attn_implementation", "attn_implementation", "_attn_implementation_internal", "_name_or_path",
    "quantization_config", "is_decoder", "chunk_size_feed_forward", "pruned_heads", "base_model_tp_plan",
    "base_model_name_or_path", "use_kernels", "kernel_config", "device_map", "_commit_hash", "tie_word_embeddings",
    "output_attentions", "return_dict", "initializer_range", "hidden_dropout_prob", "classifier_dropout", "dim",
    "n_layers", "n_heads", "hidden_dim", "embedding_size", "num_hidden_groups", "inner_group_num", "layer_types",
    "local_attention", "global_attn_every_n_layers", "rope_parameters", "rope_scaling", "global_rope_theta",
    "classifier_pooling", "classifier_activation", "hidden_activation", "norm_eps", "mask_token_id", "cls_token_id",
    "sep_token_id", "bos_token_id", "eos_token_id", "sub_configs", "text_config", "encoder", "reference_compile",
    "finetuning_task", "task_specific_params", "experts_implementation", "attention_probs_dropout_prob", "to_dict",
    "__class__", "from_pretrained", "generation_config", "gguf_file", "adapter_config", "name_or_path", "use_cache",
)  # fmt: skip
TOKENIZER_KEYS = (
    "tokenizer_class", "auto_map", "model_max_length", "vocab_file", "tokenizer_file", "merges_file", "mask_token",
    "cls_token", "sep_token", "unk_token", "pad_token", "bos_token", "eos_token", "added_tokens_decoder",
    "additional_special_tokens", "extra_special_tokens", "special_tokens_map_file", "model_input_names", "do_lower_case",
    "add_prefix_space", "chat_template", "name_or_path", "padding_side", "truncation_side", "use_fast", "backend",
    "from_slow", "tokenizer_object", "gguf_file", "model_specific_special_tokens", "clean_up_tokenization_spaces",
    "split_special_tokens", "sp_model_kwargs", "fix_mistral_regex", "processor_class", "__class__", "add_bos_token",
    "add_eos_token", "vocab", "merges", "strip_accents", "tokenize_chinese_chars", "max_len", "token_type_ids_pattern",
)  # fmt: skip
FOREIGN_FILES: dict[str, tuple[bytes, ...]] = {
    "special_tokens_map.json": (b"", b"{", b"[]", b'{"mask_token": 7}', b'{"cls_token": {"content": []}}', b"null"),
    "added_tokens.json": (b"", b"{", b'{"x": 1000000000000}', b'{"x": -1}', b'{"": 0}', b'{"a": 0, "b": 0}', b"[1]"),
    "vocab.txt": (b"", b"\xff\xfe", b"a\n" * 9, b"\n\n\n", b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\n"),
    "vocab.json": (b"", b"{", b'{"a": -1}', b'{"a": 0, "b": 0}', b"[]", b'{"a": 1e99}'),
    "merges.txt": (b"", b"a", b"a b\n" * 9, b"\xff"),
    "model.safetensors.index.json": (
        b"", b"{", b"{}", b'{"weight_map": {"a": "../secret.txt"}}', b'{"weight_map": {"a": "/etc/passwd"}}',
        b'{"metadata": {}, "weight_map": {"classifier.bias": "/dev/zero"}}', b'{"weight_map": []}',
        b'{"metadata": {"total_size": -1}, "weight_map": {"x": "model.safetensors"}}',
    ),
    "generation_config.json": (b"", b"{", b'{"max_length": -1}', b'{"eos_token_id": "x"}', b"[]"),
    "adapter_config.json": (
        b"", b"{", b'{"base_model_name_or_path": "/etc"}', b'{"peft_type": "LORA", "base_model_name_or_path": "a/b"}',
    ),
    "chat_template.jinja": (b"{{ ''.__class__ }}", b"{% for"),
    "tokenizer.model": (b"", b"\x0a\xff\xff\xff\xff\x0f", b"\n\x0e\n\x05<unk>\x15\0\0\0\0\x18\x02"),
    "spiece.model": (b"", b"\x0a\xff\xff\xff\xff\x0f"),
    "sentencepiece.bpe.model": (b"", b"\xff" * 99),
    "preprocessor_config.json": (b"{", b'{"auto_map": {"AutoProcessor": "evil.Model"}}'),
    "pytorch_model.bin": (b"", b"\x80\x04.", b"cos\nsystem\n(S'true'\ntR."),
    "pytorch_model.bin.index.json": (b"{", b'{"weight_map": {"a": "pytorch_model.bin"}}'),
    "custom_generate/generate.py": (b"import evil\n",),
    "other.safetensors": (b"", b"\0" * 8, b"\x02\0\0\0\0\0\0\0{}"),
    "model-00001-of-00002.safetensors": (b"", b"\x02\0\0\0\0\0\0\0{}"),
}  # fmt: skip


def spoil(folder: Path, number: int) -> str:
    """Spoil a copy of a good folder the way this number says; returns what was done."""
    random = Random(number)
    _lay_traps(folder)
    done = [random.choice(WAYS)(folder, random) for _ in range(random.choice((1, 1, 1, 2, 3)))]
    return "; ".join(done)


def _lay_traps(folder: Path) -> None:
    mark, secret = folder.parent / MARK, folder.parent / SECRET
    secret.write_text("s3cret\n", encoding="utf-8")
    (folder / "evil.py").write_text(f"open({str(mark)!r}, 'w')\nModel = None\n", encoding="utf-8")


def _value(random: Random) -> Any:
    kind = random.random()
    if kind < 0.4:
        return random.choice(NUMBERS)
    return random.choice(WORDS if kind < 0.7 else ODD)


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of a JSON value; of a long list or table only the first few and the last."""
    if isinstance(tree, dict | list):
        keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
        for key in keys if len(keys) <= 40 else [*keys[:20], keys[-1]]:
            yield tree, key
            yield from _places(tree[key])


def _change(tree: Any, random: Random) -> str:
    places = list(_places(tree))
    if not places:
        return "nothing to change"
    container, key = random.choice(places)
    way = random.choice(("set", "set", "set", "drop", "swap", "nest"))
    if way == "set":
        container[key] = _value(random)
        return f"{key!r} = {str(container[key])[:40]!a}"
    if way == "drop":
        del container[key]
    elif way == "swap":
        other, place = random.choice(places)
        if isinstance(place, int) and place >= len(other):
            return "nothing to swap"
        container[key], other[place] = other[place], container[key]
    else:
        container[key] = [container[key]]
    return f"{way} {key!r}"


def _content(path: Path) -> bytes:
    """What is in an ordinary file of usual size; nothing for what was put in its place before."""
    about = path.lstat() if path.is_symlink() or path.exists() else None
    return path.read_bytes() if about and stat.S_ISREG(about.st_mode) and about.st_size < 10**8 else b""


def _read(path: Path) -> Any:
    try:
        return json.loads(_content(path).decode("utf-8"))
    except (ValueError, RecursionError):
        return {}


def _write(path: Path, text: str) -> None:
    _put(path, text.encode("utf-8", "surrogatepass"))


def _put(path: Path, content: bytes) -> None:
    _take_away(path)
    path.write_bytes(content)


def _take_away(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    path.unlink(missing_ok=True)


def _present(folder: Path, random: Random, names: tuple[str, ...]) -> Path:
    there = [folder / name for name in names if _content(folder / name)]
    return random.choice(there) if there else folder / names[0]


def _change_anywhere(folder: Path, random: Random) -> str:
    path = _present(folder, random, JSON_FILES)
    tree = _read(path)
    told = _change(tree, random)
    _write(path, json.dumps(tree, ensure_ascii=random.random() < 0.5))
    return f"{path.name}: {told}"


def _set_known(name: str, keys: tuple[str, ...]) -> Callable[[Path, Random], str]:
    def set_key(folder: Path, random: Random) -> str:
        tree = _read(folder / name)
        key, value = random.choice(keys), _value(random)
        if isinstance(tree, dict):
            tree[key] = value
        _write(folder / name, json.dumps(tree))
        return f"{name}: {key} = {str(value)[:40]!a}"

    return set_key


def _size(folder: Path, random: Random) -> str:
    """The worst of the known keys: those that say how much memory is taken."""
    tree = _read(folder / "config.json")
    sizes = [key for key, value in tree.items() if isinstance(value, int)] if isinstance(tree, dict) else []
    for key in random.sample(sizes, min(len(sizes), random.choice((1, 2)))):
        tree[key] = random.choice(NUMBERS)
    _write(folder / "config.json", json.dumps(tree))
    return f"config.json: sizes {json.dumps(tree)[:0]}{[tree[key] for key in sizes]}"


def _labels(folder: Path, random: Random) -> str:
    tree = _read(folder / "config.json")
    count = random.choice((0, 1, 2, 3, 1000, 100_000))
    made = {str(number if random.random() < 0.95 else -number): random.choice(("a", "", None, 3)) for number in range(count)}
    if isinstance(tree, dict):
        tree[random.choice(("id2label", "label2id"))] = made
        tree["num_labels"] = random.choice((count, *NUMBERS[:8], None))
    _write(folder / "config.json", json.dumps(tree))
    return f"{count} labels"


def _raw_json(folder: Path, random: Random) -> str:
    """What no writer of JSON writes: names twice, numbers out of every range, nesting without end."""
    path = _present(folder, random, JSON_FILES)
    text = json.dumps(_read(path))
    key = random.choice(CONFIG_KEYS)
    inside = random.choice(
        ("NaN", "Infinity", "-Infinity", "1e999", "9" * 4000, "9" * 5000, "[" * 2000 + "]" * 2000, "[" * 100_000,
         '"\\ud800"', '"\\u0000"', "{" * 500, "01", "'x'", "1,", "true false", '{"a":1,"a":2}')
    )  # fmt: skip
    where = random.choice((1, len(text) - 1))
    extra = f'"{key}": {inside}'
    text = text[:where] + (f"{extra}," if where == 1 else f",{extra}") + text[where:]
    _write(path, text)
    return f"{path.name}: {key} written {inside[:12]}"


def _bytes(folder: Path, random: Random) -> str:
    path = _present(folder, random, (*JSON_FILES, WEIGHTS))
    content = bytearray(_content(path))
    way = random.choice(("other", "other", "cut", "twice", "in front", "behind", "random"))
    near = min(len(content), random.choice((8, 400, 6000, len(content))))
    place = random.randrange(near + 1)
    if way == "other":
        for _ in range(random.choice((1, 3, 30))):
            content[random.randrange(near + 1) : place + 1] = random.randbytes(random.choice((1, 2, 8)))
    elif way == "cut":
        del content[place:]
    elif way == "twice":
        content.extend(bytes(content))
    elif way == "in front":
        content[:0] = random.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b" " * 9, b"PK\x03\x04"))
    elif way == "behind":
        content += random.randbytes(9)
    else:
        content[:] = random.randbytes(place)
    _put(path, bytes(content))
    return f"{path.name}: bytes {way} at {place}"


def _header(folder: Path, random: Random) -> str:
    """The weights' header rewritten: shapes, kinds, places, names and its own length."""
    path = folder / WEIGHTS
    content = _content(path)
    if len(content) < 8:
        return "no header"
    size = struct.unpack("<Q", content[:8])[0]
    try:
        header = json.loads(content[8 : 8 + size])
    except ValueError:
        return "no header"
    told = [_change_entry(header, random) for _ in range(random.choice((1, 1, 2)))]
    written = json.dumps(header).encode("utf-8", "surrogatepass")
    lengths = (len(written),) * 4 + (0, len(written) - 1, len(written) + 1, 2**63, 2**64 - 1, 100_000_001, 10**9)
    _put(path, struct.pack("<Q", random.choice(lengths)) + written + content[8 + size :])
    return f"header: {told}"


def _change_entry(header: dict[str, Any], random: Random) -> str:
    names = [name for name in header if name != "__metadata__"]
    if not names:
        return "nothing"
    name = random.choice(names)
    entry = header[name]
    if not isinstance(entry, dict) or "shape" not in entry:
        return "nothing"
    way = random.choice(("any", "shape", "dtype", "offsets", "share", "drop", "rename", "metadata"))
    if way == "any":
        return _change(header, random)
    if way == "shape":
        entry["shape"] = random.choice(([], [0], [2**32, 2**32], [2**63], [10**12, 0], [-1], entry["shape"][::-1], [1, *entry["shape"]]))
    elif way == "dtype":
        entry["dtype"] = random.choice(("F64", "F16", "BF16", "I64", "BOOL", "U8", "F8_E4M3", "C64", "X", "", "F4"))
    elif way == "offsets":
        entry["data_offsets"] = random.choice(([0, 0], [0, 2**63], [2**64 - 1, 0], [4, 0], [0], [0, 10**12]))
    elif way == "share":
        entry["data_offsets"] = header[random.choice(names)].get("data_offsets")
    elif way == "drop":
        del header[name]
    elif way == "rename":
        header[random.choice(WORDS)] = header.pop(name)
    else:
        header["__metadata__"] = random.choice((None, {}, {"format": "tf"}, {"format": 7}, {"format": "x" * 999}, []))
    return f"{way} {name}"


def _foreign(folder: Path, random: Random) -> str:
    name = random.choice(sorted(FOREIGN_FILES))
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    _put(path, random.choice(FOREIGN_FILES[name]))
    removed = random.choice(("", "", "tokenizer.json", "tokenizer_config.json", WEIGHTS))
    if removed:
        _take_away(folder / removed)
    return f"put in {name}" + (f", took {removed} away" if removed else "")


def _no_file(folder: Path, random: Random) -> str:
    """Something else under the name of a file: a link elsewhere, to itself, a folder, a pipe, a device, a huge hole."""
    name = random.choice((*JSON_FILES, WEIGHTS, "special_tokens_map.json", "vocab.txt", "model.safetensors.index.json"))
    path = folder / name
    _take_away(path)
    way = random.choice(("gone", "secret", "itself", "folder", "pipe", "zero", "hole", "passwd"))
    if way == "secret":
        path.symlink_to(folder.parent / SECRET)
    elif way == "itself":
        path.symlink_to(path)
    elif way == "folder":
        path.mkdir()
    elif way == "pipe":
        os.mkfifo(path)
    elif way in ("zero", "passwd"):
        path.symlink_to({"zero": "/dev/zero", "passwd": "/etc/passwd"}[way])
    elif way == "hole":
        with path.open("wb") as file:
            file.truncate(3 * 2**30)
    return f"{name} is {way}"


WAYS: tuple[Callable[[Path, Random], str], ...] = (
    _change_anywhere, _change_anywhere, _set_known("config.json", CONFIG_KEYS), _set_known("config.json", CONFIG_KEYS),
    _set_known("tokenizer_config.json", TOKENIZER_KEYS), _size, _size, _labels, _raw_json, _bytes, _bytes, _header,
    _header, _foreign, _no_file,
)  # fmt: skip


def copy(good: Path, folder: Path) -> Path:
    """A copy of a good folder, written anew where one was spoiled before."""
    if folder.exists() or folder.is_symlink():
        shutil.rmtree(folder)
    shutil.copytree(good, folder)
    return folder
