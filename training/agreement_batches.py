"""Sentences of the grammar as batches: one or two masks a sentence, and the fillers that must beat others there."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from agreement_grammar import Grammar
from agreement_phrases import Lexicon, Sentence, Site
from gap_text import Masked, Vocabulary
from tokenizers import Tokenizer
from torch.nn import functional
from word_lists import found_nouns, found_verbs, noun_of, read_lists, verb_of

GROUPS = {"people": "person", "animals": "thing", "things": "thing", "places": "thing", "groups": "thing",
          "works": "thing", "abstract": "thing", "relatives": "person", "he": "he", "she": "she"}  # fmt: skip
VERB_SECTIONS = ("transitive", "reflexive verbs", "intransitive", "clausal")
AUXILIARIES = (("is", "are"), ("was", "were"), ("has", "have"), ("does", "do"), ("is", "were"), ("was", "are"))
NEGATED = tuple((one, many) for one in ("isn", "wasn", "hasn", "doesn") for many in ("aren", "weren", "haven", "don"))
PEOPLE_PLURALS = {"people", "children", "oxen", "thieves"}
SECOND_MASK, NOISE = 0.4, 0.05  # shares: sentences with a mask in a second chain; other words that are masked too
DOUBT = (
    0.03  # share of doubt: a wrong filler is to be some thirty times less likely, not impossible, and stays in sight
)


@dataclass(frozen=True, slots=True)
class Contrast:
    """A masked site in a batch: the row among the masks, and the site with its fillers."""

    row: int
    site: Site


def build_lexicon(documents: Iterable[str], vocabulary: Vocabulary) -> Lexicon:
    """Our word lists, widened by nouns found in running text and verbs found in the vocabulary."""
    lists, pieces = read_lists(), set(vocabulary.ids)
    gender = {word: kind for kind in ("he", "she") for word in lists[kind]}
    nouns = {}
    for group, kind in GROUPS.items():
        nouns[group] = [noun_of(word, gender.get(word, kind)) for word in lists[group]]
    irregular = [noun_of(entry, "thing") for entry in lists["irregular nouns"]]
    changed = {noun.singular: noun for noun in irregular}
    people = {"child", "person", "thief", "alumnus", "elf", "passerby"}
    nouns["irregular"] = [
        noun_of(
            f"{noun.singular}/{noun.plural}",
            gender.get(noun.singular, "person" if noun.singular in people else "thing"),
        )
        for noun in irregular
    ]
    common = [noun for noun in nouns["irregular"] if noun.kind != "thing"]
    nouns["irregular"] += [noun for noun in common for _ in range(2)]
    for group in nouns:
        nouns[group] = [changed.get(n.singular, n) if n.kind == "thing" else n for n in nouns[group]]
    for kind in ("he", "she"):
        nouns["people"] += [noun_of(f"{n.singular}/{changed[n.singular].plural}", kind) if n.singular in changed else n
                            for n in nouns[kind] for _ in range(2)]  # fmt: skip
    verbs = {section: [verb_of(entry) for entry in lists[section]] for section in VERB_SECTIONS}
    known_verbs = {verb.base for section in verbs.values() for verb in section}
    verbs["found"] = found_verbs(pieces, known_verbs)
    known = {noun.singular for group in nouns.values() for noun in group}
    nouns["found"] = found_nouns(documents, pieces, known | {noun.plural for noun in irregular})
    return Lexicon({"he": lists["men"], "she": lists["women"]}, nouns, verbs, lists)


class AgreementText:
    """Batches of grammar sentences, and the loss that compares fillers at their masks."""

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer, vocabulary: Vocabulary) -> None:
        self.grammar, self.tokenizer, self.vocabulary = Grammar(lexicon), tokenizer, vocabulary
        self.pieces: dict[str, list[int]] = {}
        self.mask = vocabulary.special("[MASK]")
        verbs = {(verb.third, verb.base) for section in lexicon.verbs.values() for verb in section}
        nouns = {(noun.singular, noun.plural) for group in lexicon.nouns.values() for noun in group}
        self.tables = {
            "verb": self.table(sorted(verbs)),
            "noun": self.table(sorted(nouns)),
            "negated": self.table(NEGATED),
            "verb, auxiliaries": self.table(AUXILIARIES),
        }

    def table(self, pairs: Iterable[Sequence[str]]) -> torch.Tensor:
        """The pairs whose forms are single pieces, as numbers: [pair, form]."""
        ids = self.vocabulary.ids
        return torch.tensor(
            [[ids[one], ids[many]] for one, many in pairs if one in ids and many in ids and one != many]
        )

    def of_word(self, word: str) -> list[int]:
        """The pieces of a word."""
        if word not in self.pieces:
            self.pieces[word] = self.tokenizer.encode(word, add_special_tokens=False).ids
        return self.pieces[word]

    def masked_words(self, sentence: Sentence, rng: random.Random) -> dict[int, Site | None]:
        """The words to mask: one site, perhaps one of a second chain, and now and then any other word."""
        sites = [site for site in sentence.allowed() if self.fits(sentence.words[site.place])]
        if not sites:
            return {}
        first = rng.choices(sites, [site.weight for site in sites])[0]
        chosen: dict[int, Site | None] = {first.place: first}
        others = [site for site in sites if site.chain != first.chain]
        if others and rng.random() < SECOND_MASK:
            second = rng.choices(others, [site.weight for site in others])[0]
            chosen[second.place] = second
        told = {site.place for site in sentence.sites}
        if rng.random() < NOISE:
            place = rng.randrange(len(sentence.words))
            if place not in told:
                chosen[place] = None
        return chosen

    def fits(self, word: str) -> bool:
        """Whether one mask stands for this word."""
        return len(self.of_word(word)) == 1

    def encode(
        self, sentence: Sentence, rng: random.Random
    ) -> tuple[list[int], list[tuple[int, int, Site | None]]] | None:
        """A sentence with masks: its pieces, and place, target and site of each mask."""
        chosen = self.masked_words(sentence, rng)
        if not chosen:
            return None
        ids, masks = [self.vocabulary.special("[CLS]")], []
        for place, word in enumerate(sentence.words):
            pieces = self.of_word(word)
            if place in chosen:
                masks += [(len(ids) + offset, piece, chosen[place]) for offset, piece in enumerate(pieces)]
                pieces = [self.mask] * len(pieces)
            ids += pieces
        return [*ids, self.vocabulary.special("[SEP]")], masks

    def batch(self, count: int, rng: random.Random) -> tuple[Masked, list[Contrast]]:
        """So many sentences with their masks."""
        made: list[tuple[list[int], list[tuple[int, int, Site | None]]]] = []
        while len(made) < count:
            if encoded := self.encode(self.grammar.sentence(rng), rng):
                made.append(encoded)
        return self.collate(made)

    def collate(
        self, made: list[tuple[list[int], list[tuple[int, int, Site | None]]]]
    ) -> tuple[Masked, list[Contrast]]:
        """Pad a batch to its longest sentence."""
        width = max(len(ids) for ids, _ in made)
        pad = self.vocabulary.special("[PAD]")
        ids = torch.tensor([row + [pad] * (width - len(row)) for row, _ in made])
        places, targets, contrasts = [], [], []
        for row, (_, masks) in enumerate(made):
            for place, target, site in masks:
                if site:
                    contrasts.append(Contrast(len(places), site))
                places.append(row * width + place)
                targets.append(target)
        return Masked(ids, (ids != pad).long(), torch.tensor(places), torch.tensor(targets)), contrasts

    def loss(self, logits: torch.Tensor, contrasts: list[Contrast]) -> tuple[torch.Tensor, float]:
        """How far right fillers beat wrong ones, mean over the sites; and the share of pairs that do."""
        total, right = logits.new_zeros(()), 0.0
        for margins in (*self.table_margins(logits, contrasts), *self.word_margins(logits, contrasts)):
            total = total + (functional.softplus(-margins) + DOUBT * margins).mean(1).sum()
            right += (margins > 0).float().mean(1).sum().item()
        sites = len(contrasts) + sum(one.site.table == "verb" for one in contrasts)  # verbs are asked by two tables
        return total / len(contrasts), right / sites

    def table_margins(self, logits: torch.Tensor, contrasts: list[Contrast]) -> Iterator[torch.Tensor]:
        """For each table the margins at the sites that ask it: right form above wrong, [site, pair]."""
        for name, table in self.tables.items():
            asking = [one for one in contrasts if one.site.table == name.split(",")[0]]
            if asking:
                forms = logits[[one.row for one in asking]].index_select(1, table.flatten())  # [site, pair and form]
                one, many = forms.unflatten(1, table.shape).unbind(2)
                sign = torch.tensor([[1.0 if one.site.plural else -1.0] for one in asking])
                yield sign * (many - one)

    def word_margins(self, logits: torch.Tensor, contrasts: list[Contrast]) -> Iterator[torch.Tensor]:
        """The margins at a site that names its fillers: every right one above every wrong one, [1, pair]."""
        ids = self.vocabulary.ids
        for one in contrasts:
            if not one.site.table:
                pairs = [(ids[good], ids[bad]) for good in one.site.good for bad in one.site.bad]
                good, bad = logits[one.row, [n for pair in pairs for n in pair]].unflatten(0, (-1, 2)).unbind(1)
                yield (good - bad)[None]
