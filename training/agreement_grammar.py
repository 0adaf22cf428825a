"""English sentences in which words must agree: statements, questions, reported speech and what else shows number."""

import random

from agreement_phrases import ALL_SELVES, FORMS, SELVES, Chain, Lexicon, Phrases, Sentence, Site


class Grammar(Phrases):
    """Makes sentences; all chance comes from the generator given to `sentence`."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__(lexicon)
        kinds = (
            (self.plain, 50), (self.question, 12), (self.there, 7), (self.inverted, 4), (self.reported, 13),
            (self.other_person, 5), (self.polarity, 7), (self.pronoun, 5),
        )  # fmt: skip
        self.makers, self.weights = zip(*kinds, strict=True)

    def sentence(self, rng: random.Random) -> Sentence:
        """Make one sentence with at least one site to mask."""
        self.rng = rng
        while True:
            self.out = Sentence()
            if self.chance(0.12):
                self.out.say(self.pick("openers") + (" ," if self.chance(0.7) else ""))
            rng.choices(self.makers, self.weights)[0]()
            if len(self.out.words) <= 26 and self.out.allowed():
                return self.out

    def plain(self) -> None:
        """A statement."""
        self.predicate(self.subject())
        self.out.say(".")

    def question(self) -> None:
        """A question with the verb in front, or with `which`."""
        style, rng, out = self.rng.random(), self.rng, self.out
        plural = self.chance(0.5)
        if style < 0.3:
            out.say("which")
            noun = self.noun()
            chain = out.chain(plural, noun.kind)
            out.say(noun.plural if plural else noun.singular)
            self.predicate(chain, tail=False)
        else:
            kind = rng.choice(("be", "have", "do"))
            pair = rng.choice(FORMS[kind])
            if style < 0.45:
                out.say(rng.choice(("where", "why", "when", "how")))
            place = out.say(pair[plural])
            chain = self.nominal(plural, adjective=0.1)
            out.sites.append(Site(place, chain.number, table="verb", plural=plural))
            chain.marked = True
            if self.chance(0.3):
                out.say(self.pick("linkers"))
                self.below(chain)
            verb = self.verb("transitive")
            out.say({"be": verb.progressive, "have": verb.participle, "do": verb.base}[kind])
            self.thing_phrase()
        out.say("?")

    def there(self) -> None:
        """A sentence with `there`, whose verb agrees with what follows; strong quantifiers do not fit."""
        plural, out = self.chance(0.5), self.out
        out.say("there")
        pair = self.rng.choice(FORMS["be"])
        place = out.say(pair[plural])
        chain = out.chain(plural, "thing")
        weak = ("many", "some", "no", "several", "few") if plural else ("a", "no")
        strong = ("most", "all", "every", "each") if plural else ("each", "every", "all", "most")
        own = self.rng.choice(weak)
        quantifier = out.say(own)
        noun = self.noun()
        if own == "a" and noun.singular[0] in "aeiou":
            out.words[-1] = "an"
        else:
            out.sites.append(Site(quantifier, chain.number, (own,), strong, weight=0.8))
        out.sites.append(Site(place, chain.number, table="verb", plural=plural))
        out.sites.append(
            Site(out.say(noun.plural if plural else noun.singular), chain.number, table="noun", plural=plural)
        )
        if self.chance(0.5):
            out.say(self.pick("where"))
        else:
            out.say(self.verb("transitive").progressive)
            self.thing_phrase()
        out.say(".")

    def inverted(self) -> None:
        """A place in front, then the verb, then its subject."""
        self.out.say(self.pick("where"))
        plural = self.chance(0.5)
        pair = self.rng.choice((*FORMS["be"], ("stands", "stand"), ("lies", "lie"), ("sits", "sit"), ("comes", "come")))
        place = self.out.say(pair[plural])
        chain = self.nominal(plural)
        chain.marked = True
        self.out.sites.append(Site(place, chain.number, table="verb", plural=plural))
        self.out.say(".")

    def reported(self) -> None:
        """Somebody says something of somebody: who is meant by pronoun or reflexive depends on the clause."""
        outer = self.subject(names=0.5, heavy=0.15)
        self.verbal(outer, self.verb("clausal"))
        self.out.say("that" if self.chance(0.7) else "")
        if self.chance(0.4) or outer.kind == "thing" or (outer.kind == "person" and not outer.plural):
            self.predicate(self.subject(heavy=0.3), tail=False)
        else:
            inner = self.name() if self.chance(0.4) else self.nominal(self.chance(0.6), adjective=0.05)
            verb = self.verb("reflexive verbs")
            self.verbal(inner, verb)
            if self.chance(0.4):
                self.reflexive(inner)
            else:
                self.pronoun_for(outer, inner)
        self.out.say(".")

    def pronoun_for(self, outer: Chain, inner: Chain) -> None:
        """A pronoun that means the outer subject: the outer's reflexive cannot stand there."""
        free = {"he": "him", "she": "her"}
        own = "them" if outer.plural else free[outer.kind]
        self_word = "themselves" if outer.plural else SELVES[outer.kind]
        place = self.out.say(own)
        if outer.plural != inner.plural or inner.kind not in ("person", outer.kind):
            self.out.sites.append(Site(place, inner.number, (own,), (self_word,), weight=2.5))

    def other_person(self) -> None:
        """First and second person, which no third-person form fits."""
        word, be, self_word = self.rng.choice(
            (("i", ("am", "was"), "myself"), ("you", ("are", "were"), "yourself"), ("we", ("are", "were"), "ourselves"))
        )
        chain = self.out.chain(True, "person")
        self.out.say(word)
        style = self.rng.random()
        if style < 0.4:
            own = self.rng.choice(be)
            wrong = {"am": ("is", "are"), "was": ("were",), "are": ("is", "am"), "were": ("was",)}[own]
            self.out.sites.append(Site(self.out.say(own), chain.number, (own,), wrong))
            self.out.say(self.pick("where") if self.chance(0.5) else self.pick("people adjectives"))
        elif style < 0.7:
            self.out.say(self.verb("reflexive verbs").past)
            self.out.sites.append(Site(self.out.say(self_word), chain.number, (self_word,), ALL_SELVES))
        else:
            verb = self.verb("intransitive")
            self.finite(chain, (verb.third, verb.base))
            self.out.say(self.pick("when"))
        self.out.say(".")

    def pronoun(self) -> None:
        """A pronoun as subject."""
        plural, kind = self.rng.choice(((False, "he"), (False, "she"), (False, "thing"), (True, "person")))
        chain = self.out.chain(plural, kind)
        self.out.say("they" if plural else {"he": "he", "she": "she", "thing": "it"}[kind])
        self.predicate(chain)
        self.out.say(".")

    def polarity(self) -> None:
        """`ever` needs a negation before it."""
        out, verb = self.out, self.verb("transitive")
        licensed = self.chance(0.5)
        if licensed and self.chance(0.5):
            chain = self.nominal(self.chance(0.5)) if self.chance(0.6) else self.name()
            had = self.rng.choice(("had", "would", "could", "should", "might", "did"))
            out.say(had)
            place = out.say("not")
            out.sites.append(
                Site(place, chain.number, ("not",), tuple(a for a in self.lexicon.lists["pluck"] if a.isalpha()))
            )
            out.say("ever " + (verb.participle if had == "had" else verb.base))
        else:
            plural = self.chance(0.5)
            out.say("no" if licensed else self.rng.choice(("even", "even", "")))
            if licensed:
                noun = self.noun("people")
                chain = out.chain(plural, noun.kind)
                out.say(noun.plural if plural else noun.singular)
            else:
                chain = self.name() if self.chance(0.4) else self.nominal(plural)
            style = self.rng.random()
            if style < 0.4:
                self.finite(chain, ("has", "have"), 0.3)
            elif style < 0.8 or licensed:
                out.say(self.rng.choice(("had", "would", "might", "could", "did", "should")))
            adverbs = tuple(word for word in self.lexicon.lists["pluck"] if word not in ("already", "now"))
            own = "ever" if licensed else self.rng.choice(adverbs)
            place = out.say(own)
            wrong = ("probably",) if licensed else ("ever",)
            if licensed or not {"no", "few"} & set(out.words):
                out.sites.append(Site(place, out.chain(False, "thing").number, (own,), wrong, weight=1.5))
            if style < 0.4 or out.words[-2] == "had":
                out.say(verb.participle)
            else:
                out.say(verb.base if style < 0.8 or licensed else verb.past)
        self.thing_phrase()
        out.say(".")
