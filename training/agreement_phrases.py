"""Phrases in which words must agree, each with the places where a mask asks for the agreement.

A chain is a head noun with all that shows its number: determiner, verbs, reflexive. At most one word of a chain is
masked, and only when another word of the chain still tells the number.
"""

import random
from dataclasses import dataclass, field

from word_lists import Noun, Verb

ONE = ("this", "that", "each", "every", "another")
MANY = ("these", "those", "many", "most", "several", "few", "all", "both", "two", "three", "a lot of", "various")
DEMONSTRATIVES = {False: ("this", "that"), True: ("these", "those")}
COUNTING = {False: ("each", "every", "another"), True: ("many", "most", "several", "few", "all", "both")}
FORMS = {"be": (("is", "are"), ("was", "were")), "have": (("has", "have"),), "do": (("does", "do"),)}
MODALS = ("can", "could", "will", "would", "should", "might", "must", "may")
NO_MODALS = ("can ' t", "won ' t", "wouldn ' t", "shouldn ' t", "cannot", "couldn ' t")
SELVES = {"he": "himself", "she": "herself", "thing": "itself"}
ALL_SELVES = ("himself", "herself", "itself", "themselves")
OPPOSITE = 0.65  # share of attractors whose number differs from the head's
QUIET = {"the": 6, "some": 2, "no": 1, "my": 1, "her": 1, "his": 1, "their": 1, "our": 1, "": 0}


@dataclass(frozen=True, slots=True)
class Site:
    """A word that may be masked: every filler of `good` must beat every one of `bad`, or a table says the same."""

    place: int
    chain: int
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    table: str = ""  # "verb" or "noun": all pairs of that word class ask for the number `plural`
    plural: bool = False
    weight: float = 1.0
    needs: bool = False  # asks for a number that the word itself is the first to show


@dataclass(slots=True)
class Chain:
    """The number and kind of a head, and whether a word besides the head shows that number."""

    number: int
    plural: bool
    kind: str
    marked: bool = False


@dataclass(slots=True)
class Lexicon:
    """All words the grammar draws from."""

    names: dict[str, list[str]]
    nouns: dict[str, list[Noun]]
    verbs: dict[str, list[Verb]]
    lists: dict[str, list[str]]


@dataclass(slots=True)
class Sentence:
    """A sentence under way: its words and the sites in them."""

    words: list[str] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)

    def say(self, phrase: str) -> int:
        """Add the words of a phrase; the place of its first word."""
        self.words += phrase.split()
        return len(self.words) - len(phrase.split())

    def chain(self, plural: bool, kind: str) -> Chain:
        """Begin a chain."""
        self.chains.append(Chain(len(self.chains), plural, kind))
        return self.chains[-1]

    def allowed(self) -> list[Site]:
        """The sites whose number another word tells."""
        return [site for site in self.sites if not site.needs or self.chains[site.chain].marked]


class Phrases:
    """Says noun phrases and verb phrases; all chance comes from `rng`."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.rng = random.Random(0)
        self.out = Sentence()

    # Words

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.rng.random() < share

    def pick(self, section: str) -> str:
        """A word or phrase of a section of the lists."""
        return self.rng.choice(self.lexicon.lists[section]).replace("_", " ")

    def verb(self, section: str) -> Verb:
        """A verb of a section."""
        return self.rng.choice(self.lexicon.verbs[section])

    def noun(self, group: str = "") -> Noun:
        """A noun, of any group unless one is named."""
        shares = {"people": 42, "relatives": 5, "animals": 6, "things": 22, "found": 8, "groups": 6, "works": 4,
                  "abstract": 6, "places": 4, "irregular": 14}  # fmt: skip
        group = group or self.rng.choices(list(shares), list(shares.values()))[0]
        return self.rng.choice(self.lexicon.nouns[group])

    # Noun phrases

    def name(self) -> Chain:
        """A first name."""
        gender = self.rng.choice(("he", "she"))
        chain = self.out.chain(False, gender)
        self.out.say(self.rng.choice(self.lexicon.names[gender]))
        return chain

    def nominal(self, plural: bool, group: str = "", adjective: float = 0.2) -> Chain:
        """A determiner, perhaps an adjective, and a noun."""
        noun = self.noun(group)
        chain, rng, out = self.out.chain(plural, noun.kind), self.rng, self.out
        style = rng.random()
        if style < 0.36:
            own = rng.choice(DEMONSTRATIVES[plural])
            place = out.say(own)
            out.sites.append(Site(place, chain.number, DEMONSTRATIVES[plural], DEMONSTRATIVES[not plural], weight=0.6))
            chain.marked = True
        elif style < 0.52:
            own = rng.choice(MANY if plural else ONE)
            place = out.say(own)
            if own in COUNTING[plural]:
                out.sites.append(Site(place, chain.number, (own,), COUNTING[not plural], weight=0.2))
            chain.marked = True
        elif not plural and style < 0.68:
            out.say("a")
            chain.marked = True
        elif not plural or style < 0.88:
            out.say(rng.choices(list(QUIET), list(QUIET.values()))[0])
        if self.chance(adjective):
            out.say(self.pick("thing adjectives" if noun.kind == "thing" else "people adjectives"))
        if out.words and out.words[-1] == "a" and noun.singular[0] in "aeiou":
            out.words[-1] = "an"
        place = out.say(noun.plural if plural else noun.singular)
        out.sites.append(Site(place, chain.number, table="noun", plural=plural, weight=0.7, needs=True))
        return chain

    def thing_phrase(self, plural: bool | None = None) -> None:
        """Somebody or something that is no subject."""
        if plural is None and self.chance(0.35):
            self.name()
        else:
            self.nominal(self.chance(0.5) if plural is None else plural)

    def attractor(self, head: Chain) -> bool:
        """The number of a noun between head and verb."""
        return head.plural != self.chance(OPPOSITE)

    def subject(self, names: float = 0.22, heavy: float = 0.45) -> Chain:
        """A subject: a name, a noun phrase, perhaps with what may distract from its number."""
        if self.chance(names):
            return self.name()
        if self.chance(0.05):
            return self.pair()
        plural = self.chance(0.5)
        if not self.chance(heavy):
            return self.nominal(plural)
        style = self.rng.random()
        if style < 0.2:
            head = self.nominal(plural, self.rng.choice(("relatives", "works")), adjective=0.1)
            self.out.say("about" if head.kind == "thing" and self.chance(0.6) else "of")
            self.below(head)
        elif style < 0.5:
            head = self.nominal(plural, adjective=0.1)
            self.out.say(self.pick("linkers"))
            self.below(head)
        else:
            head = self.nominal(plural, adjective=0.1)
            self.relative(head)
        if self.chance(0.08):
            self.out.say(", " + self.pick("openers") + " ,")
        return head

    def below(self, head: Chain) -> None:
        """What follows a preposition behind the head."""
        if self.chance(0.15):
            self.name()
        else:
            self.nominal(self.attractor(head), adjective=0.1)
            if self.chance(0.1):
                self.out.say(self.pick("linkers"))
                self.nominal(self.attractor(head), adjective=0)

    def pair(self) -> Chain:
        """Two joined by `and`, which make a plural."""
        if self.chance(0.4):
            self.name()
            self.out.say("and")
            self.name()
        else:
            self.nominal(False, adjective=0.05)
            self.out.say("and")
            self.nominal(False, adjective=0.05)
        chain = self.out.chain(True, "person")
        chain.marked = True
        return chain

    def relative(self, head: Chain) -> None:
        """A relative clause, of which the head is subject or object."""
        word = "that" if head.kind == "thing" else self.rng.choice(("who", "that"))
        if self.chance(0.75):
            self.out.say(word)
            self.predicate(head, after=lambda: self.between(head), tail=False)
        else:
            if self.chance(0.7):
                self.out.say(word)
            inner = self.name() if self.chance(0.3) else self.nominal(self.attractor(head), adjective=0.05)
            self.predicate(inner, after=lambda: None, tail=False)

    def between(self, head: Chain) -> None:
        """The object of a relative clause, which stands right before the head's verb."""
        plural = self.attractor(head)
        if not plural and self.chance(0.45):
            self.name()
        else:
            self.nominal(plural)

    # Verbs

    def finite(self, chain: Chain, pair: tuple[str, str], weight: float = 1.0) -> None:
        """A verb form that shows the number: `pair` is singular and plural."""
        form, *rest = pair[chain.plural].split(" ", 1)
        place = self.out.say(form)
        self.out.sites.append(Site(place, chain.number, table="verb", plural=chain.plural, weight=weight))
        chain.marked = True
        self.out.say(" ".join(rest))

    def auxiliary(self, chain: Chain, kind: str) -> None:
        """A form of be, have or do, perhaps negated."""
        pair = self.rng.choice(FORMS[kind])
        if kind == "do" or self.chance(0.4):
            if self.chance(0.75):
                place = self.out.say({"are": "aren", "were": "weren", "have": "haven", "do": "don", "is": "isn",
                                      "was": "wasn", "has": "hasn", "does": "doesn"}[pair[chain.plural]])  # fmt: skip
                site = Site(place, chain.number, table="negated", plural=chain.plural, weight=1.0)
                self.out.sites.append(site)
                chain.marked = True
                self.out.say("' t")
                return
            self.finite(chain, pair)
            self.out.say("not" if kind != "do" or self.chance(0.6) else "")
            return
        self.finite(chain, pair)
        if self.chance(0.15):
            self.out.say(self.pick("pluck"))

    def predicate(self, chain: Chain, after: object = None, tail: bool = True) -> None:
        """A verb phrase about the chain's head; `after` says the object of a transitive verb."""
        reflexive = chain.kind != "thing" and after is None and self.chance(0.22)
        object_last = after or self.thing_phrase
        bare = after is None and not reflexive and self.chance(0.4)
        section = "reflexive verbs" if reflexive else "intransitive" if bare else "transitive"
        if after is None and not reflexive and self.chance(0.3):
            self.copular(chain)
        else:
            verb = self.verb("found" if section == "intransitive" and self.chance(0.25) else section)
            self.verbal(chain, verb)
            if reflexive:
                self.reflexive(chain)
            elif not bare:
                object_last()
        if tail and self.chance(0.15):
            self.out.say(self.pick("when" if self.chance(0.5) else "where"))
        if tail and self.chance(0.07):
            self.out.say("and")
            verb = self.verb("intransitive")
            self.finite(chain, (verb.third, verb.base))

    def verbal(self, chain: Chain, verb: Verb) -> None:
        """The verb with its auxiliaries, in some tense."""
        style = self.rng.random()
        if style < 0.3:
            if self.chance(0.1):
                self.out.say(self.pick("pluck"))
            self.finite(chain, (verb.third, verb.base), 1.2)
        elif style < 0.5:
            self.auxiliary(chain, "be")
            self.out.say(verb.progressive)
        elif style < 0.7:
            self.auxiliary(chain, "have")
            self.out.say(verb.participle)
        elif style < 0.83:
            self.auxiliary(chain, "do")
            self.out.say(verb.base)
        elif style < 0.92:
            self.out.say(verb.past)
        else:
            self.out.say(self.rng.choice((*MODALS, *NO_MODALS, "had", "didn ' t", "hadn ' t", "did")))
            had = self.out.words[-1] == "had" or self.out.words[-3:-2] == ["hadn"]
            self.out.say(verb.participle if had else verb.base)

    def copular(self, chain: Chain) -> None:
        """A form of be with an adjective, a place or a passive."""
        if self.chance(0.15):
            self.auxiliary(chain, "have")
            self.out.say("been")
        else:
            self.auxiliary(chain, "be")
        style = self.rng.random()
        if style < 0.4:
            self.out.say(self.pick("where"))
        elif style < 0.8:
            self.out.say(self.rng.choice(("", "", "", "very", "too", "so", "quite")))
            self.out.say(self.pick("thing adjectives" if chain.kind == "thing" else "people adjectives"))
        else:
            self.out.say(self.verb("transitive").participle)
            if self.chance(0.6):
                self.out.say("by")
                self.thing_phrase()

    def reflexive(self, chain: Chain) -> None:
        """The reflexive that fits the chain."""
        if chain.plural:
            good: tuple[str, ...] = ("themselves",)
        elif chain.kind == "person":
            good = ("himself", "herself")
        else:
            good = (SELVES[chain.kind],)
        place = self.out.say(self.rng.choice(good))
        bad = tuple(word for word in ALL_SELVES if word not in good)
        self.out.sites.append(Site(place, chain.number, good, bad, weight=1.6))
        chain.marked = chain.marked or chain.plural or chain.kind != "person"
