"""A card of the comparison: which side it is, what is its own, and what the model answers there."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.bundled import BundledModel
from engine.contract import Explanation, Failure, Head
from engine.registry import Method
from gui.compare.choice import ChoiceMenu
from gui.compare.differing import Stretch
from gui.compare.marked_field import MarkedField
from gui.controls.card import Notice
from gui.controls.chooser import Chooser
from gui.controls.elided import ElidedLabel
from gui.guide.help import help_text
from gui.paint.numerals import plain
from gui.paint.palette import Palette
from gui.panels.method import MethodChooser
from gui.panels.model import ModelChooser
from gui.state import AppState, Compared
from gui.style import tabular
from gui.told.predicted import strongest_answers
from gui.told.wording import answer_name, probability

INSET = 8  # pixels between a field's edge and its letters: what stands above it is moved in as far
BETWEEN = "\N{EM SPACE}"
LIKELIEST = 2  # answers told where no rival is explained


def predicted_words(explanation: Explanation) -> str:
    """``are 0.91  is 0.07``: what is explained, its rival, and what is predicted where that is neither."""
    prediction = explanation.prediction
    if explanation.model.head is Head.STATE:
        return ""
    likely = strongest_answers(prediction, LIKELIEST)
    explained = [explanation.target, *([explanation.against] if explanation.against >= 0 else [])]
    told = dict.fromkeys((*explained, *(likely[:1] if len(explained) == LIKELIEST else likely)))
    return BETWEEN.join(f"{answer_name(explanation, index)} {_number(explanation, index)}" for index in told)


def _number(explanation: Explanation, index: int) -> str:
    shares = explanation.prediction.probabilities
    return plain(float(explanation.prediction.logits[index])) if shares is None else probability(float(shares[index]))


class SideCard(QFrame):
    """A, B, or the sentence that both share (``letter`` is "" then).

    Signals tell what a person changed on this side: ``text_edited`` and, of a pair, ``pair_edited`` (str),
    ``method_chosen`` (identifier, parameters), ``model_chosen`` (str), ``layer_chosen`` (0-based).
    """

    text_edited = Signal(str)
    pair_edited = Signal(str)
    method_chosen = Signal(str, object)
    model_chosen = Signal(str)
    layer_chosen = Signal(int)

    def __init__(
        self, letter: str, methods: tuple[Method, ...], bundled: tuple[BundledModel, ...], palette: Palette
    ) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._is_shared = not letter
        self.letter = QLabel(letter or help_text("compare", "both"))
        self.letter.setObjectName("title")
        self.predicted = ElidedLabel()
        self.predicted.setAccessibleName(help_text("compare", "predicted"))
        self.about = ElidedLabel()
        self.about.setObjectName("quiet")
        name = help_text("compare", "text_of", side=letter) if letter else help_text("compare", "text")
        self.field = MarkedField(name, help_text("text", "hint"), palette)
        self.field.setPlaceholderText(help_text("text", "empty"))
        second = help_text("compare", "pair_of", side=letter) if letter else help_text("compare", "pair")
        self.pair = MarkedField(second, help_text("text", "second_hint"), palette)
        self.pair.setPlaceholderText(second)
        self.method, self.model = MethodChooser(methods), ModelChooser(bundled)
        self.layer = ChoiceMenu(help_text("compare", "layer"), help_text("compare", "layer_hint"))
        self.notice = Notice()
        self._methods, self._bundled = ({one.id: one for one in methods}, {one.name: one for one in bundled})
        self._choosers: dict[Compared, QWidget] = {
            Compared.METHODS: self.method,
            Compared.MODELS: self.model,
            Compared.LAYERS: self.layer,
        }
        self._entrances = {**self._choosers, Compared.METHODS: self.method.button, Compared.MODELS: self.model.button}
        self.entrance: QWidget = self.field  # where the keyboard comes in
        self.show_side(AppState(), Compared.SENTENCES)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(INSET, 0, INSET, 0)
        head.setSpacing(8)
        head.addWidget(self.letter)
        for chooser in (self.method, self.model, self.layer):
            head.addWidget(chooser)
        if self._is_shared:
            head.addWidget(self.field, 1)
        # The chooser's name takes its room first.
        self.about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head.addWidget(self.about, 1)
        head.addStretch()
        head.addWidget(self.predicted)
        body = QVBoxLayout(self)
        body.setContentsMargins(8, 8, 8, 8)
        body.setSpacing(2)
        body.addLayout(head)
        for widget in (self.field, self.pair, self.notice, self.method.notice, self.model.notice, self.model.offer):
            if not (self._is_shared and widget is self.field):
                body.addWidget(widget)

    def _connect(self) -> None:
        self.field.edited.connect(self.text_edited)
        self.pair.edited.connect(self.pair_edited)
        self.field.interlinear_pasted.connect(self._on_pasted)
        self.pair.interlinear_pasted.connect(self._on_second_pasted)
        self.method.method_chosen.connect(self.method_chosen)
        self.model.model_chosen.connect(self.model_chosen)
        self.layer.chosen.connect(self._on_layer)

    def show_side(self, state: AppState, compared: Compared) -> None:
        """Show one side's state: its own text where sentences are compared, else the chooser of what differs."""
        has_text = self._is_shared or compared is Compared.SENTENCES
        self.field.setVisible(has_text)
        for kind, chooser in self._choosers.items():
            chooser.setVisible(kind is compared and not self._is_shared)
        self.entrance = self.field if has_text else self._entrances[compared]
        about = {Compared.METHODS: self._methods.get(state.method), Compared.MODELS: self._bundled.get(state.model)}
        told = None if self._is_shared else about.get(compared)
        self.about.setVisible(told is not None)
        self.about.show_text(told.sentence if told is not None else "")
        if has_text:
            self.field.show_text(state.text)
        self.pair.setVisible(has_text and state.pair is not None)
        if state.pair is not None:
            self.pair.show_text(state.pair)
        self.method.show_method(state.method, state.parameters)
        self.model.show_model(state.model)

    def show_marks(self, bold: tuple[Stretch, ...], bold_in_pair: tuple[Stretch, ...], gap: str) -> None:
        """Write these stretches of either text bold, and the gap as one; the texts are shown already."""
        self.field.show_marks(bold, gap)
        self.pair.show_marks(bold_in_pair, gap)

    def light(self, letters: tuple[bool, int, int] | None) -> None:
        """Mark these letters, the first of the three telling whether they are the second text's, or none."""
        for is_second, field in ((False, self.field), (True, self.pair)):
            is_here = letters is not None and letters[0] is is_second
            field.mark(letters[1:] if letters is not None and is_here else None)

    def show_layers(self, count: int, layer: int) -> None:
        """Offer a model's layers, this one chosen."""
        self.layer.show_choice(layer_entries(count), layer, layer_name(layer))

    def show_answer(self, explanation: Explanation | None, *, stale: bool, is_told: bool) -> None:
        """What the model answers for this side, where this card ``is_told`` to say it."""
        self.method.show_last(explanation)
        words = predicted_words(explanation) if explanation is not None and is_told else ""
        self.predicted.setVisible(bool(words))
        self.predicted.show_text(words)
        self.predicted.setEnabled(not stale)

    def show_failure(self, failure: Failure | None, *, is_empty: bool) -> None:
        """What is wrong with this side, beside what it is wrong with."""
        choosers: dict[str, Chooser] = {"method": self.method, "model": self.model}
        place = failure.place if failure is not None else ""
        own = choosers.get(place)
        is_at_chooser = own is not None and not own.isHidden()
        for chooser in choosers.values():
            chooser.show_failure(failure if is_at_chooser and chooser is own else None)
        if is_empty:
            self.notice.say(help_text("text", "empty"))
        elif failure is not None and failure.mask_token:
            self.notice.say(help_text("compare", "gap_missing", mask=failure.mask_token))
        else:
            self.notice.show_failure(None if is_at_chooser else failure)

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        self.field.dress(palette)
        self.pair.dress(palette)
        self.layer.dress(palette)
        self.predicted.setFont(tabular(self.font()))

    @Slot(object)
    def _on_pasted(self, pasted: object) -> None:
        """Nothing is shown under the words here: of a table pasted only the sentence is taken."""
        self.field.write(pasted.text)  # type: ignore[attr-defined]  # a signal's object

    @Slot(object)
    def _on_second_pasted(self, pasted: object) -> None:
        self.pair.write(pasted.text)  # type: ignore[attr-defined]  # a signal's object

    @Slot(object)
    def _on_layer(self, layer: object) -> None:
        self.layer_chosen.emit(layer)


def layer_name(layer: int) -> str:
    """``Layer 4``."""
    return help_text("compare", "layer_number", number=str(layer + 1))


def layer_entries(count: int) -> list[tuple[str, str, object]]:
    """A model's layers to choose from."""
    return [(layer_name(layer), "", layer) for layer in range(count)]
