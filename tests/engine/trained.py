"""Tiny tokenizers of the kinds that people use, trained in the test run, each saved beside a tiny random model."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from engine.loading import OpenModel, open_model
from tests.engine.models import Tiny, build

# Every text with its words as a linguist writes them down.
SAMPLES: dict[str, tuple[str, list[str]]] = {
    "english": (
        "I don't like it: 3.14 films, so-so (really?!)...",
        ["I", "don't", "like", "it", ":", "3.14", "films", ",", "so", "-", "so", "(", "really", "?", "!", ")", "..."],
    ),
    "turkish": (
        "İstanbul'da ışıklı Iğdır şehri, 1990'da çöğür.",
        ["İstanbul'da", "ışıklı", "Iğdır", "şehri", ",", "1990'da", "çöğür", "."],
    ),
    "german": (
        "Die Donaudampfschifffahrtsgesellschaft übergrößt Ärger, z.B. Straßenbahn-Fahrer",
        [
            "Die",
            "Donaudampfschifffahrtsgesellschaft",
            "übergrößt",
            "Ärger",
            ",",
            "z.B",
            ".",
            "Straßenbahn",
            "-",
            "Fahrer",
        ],
    ),
    "french, accents apart": (
        "L\u2019e\u0301te\u0301 a\u0300 Besanc\u0327on",
        ["L\u2019e\u0301te\u0301", "a\u0300", "Besanc\u0327on"],
    ),
    "hindi": (
        "फ़िल्म बहुत अच्छी थी। क्\u200dषेत्र हिन्दी में",
        ["फ़िल्म", "बहुत", "अच्छी", "थी", "।", "क्\u200dषेत्र", "हिन्दी", "में"],
    ),
    "arabic": ("كانَ الفِيلْمُ رائِعًا، جدًّا؟", ["كانَ", "الفِيلْمُ", "رائِعًا", "،", "جدًّا", "؟"]),
    "persian": ("این فیلم را می\u200cخواهم ببینم.", ["این", "فیلم", "را", "می\u200cخواهم", "ببینم", "."]),
    "hebrew": ('שָׁלוֹם לְכֻלָּם, צה"ל', ["שָׁלוֹם", "לְכֻלָּם", ",", 'צה"ל']),
    "korean": ("한국 영화가 좋아요.", ["한국", "영화가", "좋아요", "."]),
    "emoji": (
        "good 👨\u200d👩\u200d👧 👍🏽 🇩🇪 🏳️\u200d🌈 ❤️ 1️⃣ ok 😀 bad",
        ["good", "👨\u200d👩\u200d👧", "👍🏽", "🇩🇪", "🏳️\u200d🌈", "❤️", "1️⃣", "ok", "😀", "bad"],
    ),
    "phonetics": ("[ˈfɪlm] t͡sʰaɪ̯t ma˥˩", ["[", "ˈfɪlm", "]", "t͡sʰaɪ̯t", "ma˥˩"]),
    "spaces": (
        "  two   spaces\tand a\u00a0tab\nnew line\u3000\u200bwide \n",
        ["two", "spaces", "and", "a", "tab", "new", "line", "wide"],
    ),
    "soft hyphen": ("Donau\u00addampf\u00adschiff fährt", ["Donau\u00addampf\u00adschiff", "fährt"]),
    "ligature": ("ﬁlm ½ m² …", ["ﬁlm", "½", "m²", "…"]),
}
# Texts whose words are the tokenizer's pieces.
UNSPACED = {
    "japanese": "日本語の映画は、とても良かったです。ラーメンが食べたい人々",
    "rare ideographs": "𠮷野家の𩸽を𠀀𠀁食べる",
    "chinese": "这部电影非常好看。",
    "thai": "ภาพยนตร์เรื่องนี้ดีมาก เก่าแก่",
    "khmer": "ខ្ញុំស្រឡាញ់ខ្មែរ",
}
TEXTS = {name: text for name, (text, _) in SAMPLES.items()} | UNSPACED

BERT_SPECIALS = {
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "mask_token": "[MASK]",
}
ROBERTA_SPECIALS = {
    "bos_token": "<s>",
    "pad_token": "<pad>",
    "eos_token": "</s>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
    "cls_token": "<s>",
    "sep_token": "</s>",
}


def _corpus() -> list[str]:
    """Words one by one, so that no piece is learned across two of them; of the rest no long piece."""
    words = [word for _, words in SAMPLES.values() for word in words]
    short = [text[at : at + 5] for text in UNSPACED.values() for at in range(len(text))]
    return words + short + [character for text in TEXTS.values() for character in text]


def _around(tokenizer: Tokenizer, first: str, last: str, *, doubled: bool, segment: int) -> None:
    between = f"{last} {last}" if doubled else last
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {between} $B:{segment} {last}:{segment}",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in (first, last)],
    )


def _wordpiece(*, lowercase: bool) -> Callable[[Sequence[str | AddedToken]], Tokenizer]:
    def train(specials: Sequence[str | AddedToken]) -> Tokenizer:
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=700, special_tokens=list(specials), show_progress=False)
        tokenizer.train_from_iterator(_corpus(), trainer)
        _around(tokenizer, "[CLS]", "[SEP]", doubled=False, segment=1)
        return tokenizer

    return train


def _byte_level(*, prefix: bool, like_bert: bool = False) -> Callable[[Sequence[str | AddedToken]], Tokenizer]:
    def train(specials: Sequence[str | AddedToken]) -> Tokenizer:
        tokenizer = Tokenizer(models.BPE())
        if like_bert:
            tokenizer.normalizer = normalizers.NFC()
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
        trainer = trainers.BpeTrainer(
            vocab_size=420,
            special_tokens=list(specials),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        tokenizer.train_from_iterator(_corpus(), trainer)
        if like_bert:
            _around(tokenizer, "[CLS]", "[SEP]", doubled=False, segment=0)
        else:
            ends = [(token, tokenizer.token_to_id(token)) for token in ("</s>", "<s>")]
            tokenizer.post_processor = processors.RobertaProcessing(*ends, add_prefix_space=prefix)
        return tokenizer

    return train


def _unigram(
    normalizer: Any, first: str, last: str, *, doubled: bool
) -> Callable[[Sequence[str | AddedToken]], Tokenizer]:
    def train(specials: Sequence[str | AddedToken]) -> Tokenizer:
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.normalizer = normalizer
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
        )
        trainer = trainers.UnigramTrainer(
            vocab_size=600, special_tokens=list(specials), unk_token="<unk>", show_progress=False
        )
        tokenizer.train_from_iterator(_corpus(), trainer)
        _around(tokenizer, first, last, doubled=doubled, segment=int(not doubled))
        return tokenizer

    return train


SENTENCEPIECE = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
ALBERT = normalizers.Sequence(
    [normalizers.Replace("``", '"'), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]
)

# name -> how it is trained, its class and settings as in a downloaded folder, its special tokens, its model's family
KINDS: dict[str, tuple[Callable[[Sequence[str | AddedToken]], Tokenizer], dict[str, Any], dict[str, str], str]] = {
    "uncased WordPiece": (
        _wordpiece(lowercase=True),
        {"tokenizer_class": "BertTokenizer", "do_lower_case": True},
        BERT_SPECIALS,
        "bert",
    ),
    "cased WordPiece": (
        _wordpiece(lowercase=False),
        {"tokenizer_class": "BertTokenizer", "do_lower_case": False},
        BERT_SPECIALS,
        "bert",
    ),
    "RoBERTa": (
        _byte_level(prefix=False),
        {"tokenizer_class": "RobertaTokenizer", "add_prefix_space": False},
        ROBERTA_SPECIALS,
        "roberta",
    ),
    "RoBERTa, space in front": (
        _byte_level(prefix=True),
        {"tokenizer_class": "RobertaTokenizer", "add_prefix_space": True},
        ROBERTA_SPECIALS,
        "roberta",
    ),
    "ModernBERT": (
        _byte_level(prefix=False, like_bert=True),
        {"tokenizer_class": "PreTrainedTokenizerFast", "model_input_names": ["input_ids", "attention_mask"]},
        BERT_SPECIALS,
        "bert",
    ),
    "XLM-RoBERTa": (
        _unigram(SENTENCEPIECE, "<s>", "</s>", doubled=True),
        {"tokenizer_class": "XLMRobertaTokenizer"},
        ROBERTA_SPECIALS,
        "roberta",
    ),
    "CamemBERT": (
        _unigram(SENTENCEPIECE, "<s>", "</s>", doubled=True),
        {"tokenizer_class": "CamembertTokenizer"},
        ROBERTA_SPECIALS,
        "roberta",
    ),
    "ALBERT": (
        _unigram(ALBERT, "[CLS]", "[SEP]", doubled=False),
        {"tokenizer_class": "AlbertTokenizer"},
        BERT_SPECIALS | {"unk_token": "<unk>", "pad_token": "<pad>"},
        "bert",
    ),
}


@cache
def trained(kind: str) -> Tokenizer:
    """The tokenizer of a kind, its mask taking the space in front as published ones do."""
    train, config, specials, _ = KINDS[kind]
    mask = AddedToken(specials["mask_token"], lstrip=config["tokenizer_class"] != "BertTokenizer", special=True)
    return train([*dict.fromkeys(name for key, name in specials.items() if key != "mask_token"), mask])


def save(tokenizer: Tokenizer, kind: str, folder: Path, family: str | None = None) -> OpenModel:
    """A folder as people download it: the tokenizer's two files beside a random model of its size, opened."""
    _, config, specials, usual = KINDS[kind]
    model = build(Tiny(family or usual), vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=514)
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(config | specials), encoding="utf-8")
    return open_model(str(folder), "float64", "cpu")


@cache
def _home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="headstream-trained-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


@cache
def opened_with(kind: str) -> OpenModel:
    """A tiny model with the tokenizer of a kind, shared between tests."""
    return save(trained(kind), kind, _home() / kind)
