"""What a careless or hostile person writes, pastes and drops: odd texts and tables, whole and broken files."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

SENTENCE = "The keys to the old cabinet were lost again, but nobody in the whole quiet village seemed to mind."
TEXTS = (
    SENTENCE,
    "The acting was good.",
    "The acting was bad.",
    "The keys to the cabinet [MASK] lost.",
    "[MASK] [MASK] [MASK]",
    "[CLS] [SEP] [PAD] [UNK] <mask> <s> </s>",
    "הסרט היה ארוך מדי אבל השחקנים היו נפלאים",
    "الفيلم طويل لكن الممثلين رائعون",
    "यह फ़िल्म बहुत लंबी थी",
    "这部电影太长了,但是演员很棒。",
    "映画は長すぎました。",
    "영화가 너무 길었다",
    "Фильм слишком длинный",
    "Ο ηθοποιός ήταν υπέροχος",
    "ภาพยนตร์เรื่องนี้ยาวเกินไป",
    "naïve café, Z̷̢̛a̵͠l̶g̷o̶ and e\u0301e\u0301e\u0301",
    "👩\u200d👩\u200d👧\u200d👦 loved it 🏳️\u200d🌈 👍🏽 a\u0301\u200d",
    "left \u202eright\u202c \u2067both\u2069 ways",
    "tabs\tand\nlines\r\nand\u2028more\u2029of\u00a0them",
    "null\x00byte and \x1b[31mescape",
    "half \ud83d emoji",
    "<b>bold</b> &amp; <script>alert(1)</script> & \"quotes\" 'n' \\slashes\\ %s {0} ${x}",
    "../../etc/passwd C:\\con\\aux /dev/null",
    "a",
    ".",
    "1,234.5 -3e10 ½ Ⅷ ٣",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" * 3,
    "unhappily antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "so so so so so so so so so so so so so so so so so so so so",
    "   ",
    "",
    "\u200b\u200b",
)
LONG = " ".join(f"{word}" for word in (SENTENCE.split() * 30)[:400])
CONLLU = (
    "1\tthe\tthe\tDET\t_\t_\t2\tdet\t_\t_\n"
    "2\tfilm\tfilm\tNOUN\t_\t_\t3\tnsubj\t_\t_\n"
    "3\tends\tend\tVERB\t_\t_\t0\troot\t_\t_\n"
)
TABLES = (
    CONLLU,
    "der Film endet\nDET film.NOM end.3SG\n‘the film ends’",
    "\\gll der Film endet\\\\\nDET film end\\\\\n\\glt the film ends",
    "1\tthe\n1\tthe\n9-3\tx\ty\n",
    "1\t\t\t\t\t\t99999\t\t\t\n",
    "no table at all",
)
LIST = "The acting was good.\tThe acting was bad.\nA dull film.\tA fine film.\nIt ends.\tIt begins.\n"


def some_text(dice: random.Random) -> str:
    """A text from the list, mostly; now and then one of 400 words, or letters from everywhere."""
    chance = dice.random()
    if chance < 0.06:
        return LONG
    if chance < 0.2:
        return "".join(
            chr(dice.choice((dice.randrange(32, 0xD800), dice.randrange(0x1F300, 0x1FAFF)))) for _ in range(9)
        )
    return dice.choice(TEXTS)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Files and folders to open and to drop, under ``folder``; what is saved goes into ``saved``."""

    folder: Path
    saved: Path

    @classmethod
    def filled(cls, folder: Path) -> Shelf:
        """Write them."""
        shelf = cls(folder / "shelf", folder / "saved")
        for made in (shelf.folder, shelf.saved):
            made.mkdir(parents=True)
        written = {
            "pairs.tsv": LIST,
            "list.txt": "\n".join(text for text in TEXTS if text.isprintable()),
            "sentences.conllu": f"{CONLLU}\n{CONLLU}",
            "broken.jsonl": '{"text": "one"}\n{"text": \n',
            "list.jsonl": '{"text": "It ends."}\n{"text": "It begins."}\n',
            "strange.csv": 'text,other\n"a ""quoted"" one",b\n,\n"open',
            "empty.txt": "",
            "rubbish.headstream": "{]",
            "deep.headstream": "[" * 3000,
            "plain.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
            "rubbish.pdf": "%PDF-1.4 nothing",
            "no suffix": "x",
        }
        for name, text in written.items():
            (shelf.folder / name).write_text(text, encoding="utf-8", errors="replace")
        (shelf.folder / "rubbish.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
        (shelf.folder / "binary.txt").write_bytes(bytes(range(256)) * 8)
        broken = shelf.folder / "broken-model"
        broken.mkdir()
        (broken / "config.json").write_text('{"model_type": "bert", "hidden_size": -1}', encoding="utf-8")
        (shelf.folder / "empty-folder").mkdir()
        return shelf

    def something(self, dice: random.Random) -> Path:
        """A file or folder to open: from the shelf, of what was saved, or one that is not there."""
        saved = [path for path in self.saved.rglob("*") if path.is_file()]
        if saved and dice.random() < 0.5:
            return dice.choice(sorted(saved))
        return dice.choice([*sorted(self.folder.iterdir()), self.folder / "is-not-there.svg"])

    def model(self, dice: random.Random, models: Path) -> Path:
        """A model's folder: a tiny one that works, mostly, or one that does not."""
        good = [path for path in sorted(models.iterdir()) if path.is_dir()]
        return dice.choice([*good, self.folder / "broken-model", self.folder / "empty-folder", self.folder / "gone"])
