"""The sentence, or two of them: always editable, always live."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from engine.contract import Explanation, Failure, Head, ModelInfo
from gui.annotation import Annotation
from gui.controls.card import Card, Notice
from gui.controls.chooser import Popup
from gui.events import word_around
from gui.gap import last_word, selected, with_gap
from gui.guide.help import examples, help_text
from gui.interlinear.sentence import Pasted
from gui.paint.palette import Palette
from gui.panels.glosses import GlossForm
from gui.panels.sentence import SentenceField
from gui.state import Hover

LONGEST_NAME = 24  # letters of a word on a button


class TextPanel(Card):
    """The text card.

    ``text_edited`` tells every change a person made, ``pair_edited`` the same of the second text (None: it is taken
    away), ``annotation_changed`` what is to be shown under the words (None: nothing).
    """

    text_edited = Signal(str)
    pair_edited = Signal(object)
    annotation_changed = Signal(object)

    def __init__(self, palette: Palette) -> None:
        super().__init__(help_text("text", "title"))
        self._model = ""
        self._info: ModelInfo | None = None
        self._failure: Failure | None = None
        self._recent: tuple[str, ...] = ()
        self._annotation: Annotation | None = None
        self._draft = ""
        self._is_pair = False
        self.field = SentenceField(help_text("text", "title"), help_text("text", "hint"), palette)
        self.field.setPlaceholderText(help_text("text", "empty"))
        self.second = SentenceField(
            help_text("text", "second"), help_text("text", "second_hint"), palette, fewest_lines=1
        )
        self.second.setPlaceholderText(help_text("text", "second_empty"))
        self._written_in = self.field  # where a gap goes
        self.notice = Notice()
        self.remark = QLabel()
        self.remark.setObjectName("quiet")
        self.remark.setWordWrap(True)
        self.remark.hide()
        self.examples = _link("examples")
        self.gap = _link("gap")
        self.leave_out = _link("gap_last")
        self.add_second = _link("add_second")
        self.remove_second = _link("remove_second")
        self.glosses = QPushButton(help_text("gloss", "add"))
        self.glosses.setObjectName("link")
        self.glosses.setToolTip(help_text("gloss", "hint"))
        self._lay_out()
        self._connect()
        self._show_offers()

    def dress(self, palette: Palette) -> None:
        """Take the theme's colours."""
        for field in (self.field, self.second):
            field.dress(palette)

    def show_text(self, text: str) -> None:
        """Show this text; the field a person is typing in is left alone."""
        self.field.show_text(text)

    def show_pair(self, pair: str | None) -> None:
        """Show the second text, or that there is none."""
        if pair is not None:
            self.second.show_text(pair)
        if (pair is not None) != self._is_pair:
            self._is_pair = pair is not None
            self._second_row.setVisible(self._is_pair)
            self.second.setVisible(self._is_pair)
            first = help_text("text", "first" if self._is_pair else "title")
            self.title.show_text(first)
            self.field.setAccessibleName(first)
            self._written_in = self.field
            self._show_offers()

    def show_model(self, model: str, info: ModelInfo | None = None) -> None:
        """Offer what this model can do; ``info`` is what is known of it, if it was opened already."""
        if model != self._model or (info is not None and info is not self._info):
            self._info = info
            self._model = model
            self._show_offers()

    def show_annotation(self, annotation: Annotation | None) -> None:
        """Show whether there is something under the words."""
        if annotation != self._annotation:
            self._annotation = annotation
            self._show_offers()

    def show_recent(self, texts: tuple[str, ...]) -> None:
        """Offer texts that were explained before, the last one first."""
        if texts != self._recent:
            self._recent = texts
            self._show_offers()

    def show_failure(self, failure: Failure | None, *, is_empty: bool) -> None:
        """Say what is wrong with the text, or that there is none; offer a gap where one is missing."""
        if is_empty:
            self.notice.say(help_text("text", "empty"))
        elif failure is not None and failure.mask_token:
            self.notice.say(help_text("text", "gap_missing"))
        else:
            self.notice.show_failure(failure)
        if failure is not self._failure:
            self._failure = failure
            self._show_offers()

    def show_hover(self, explanation: Explanation | None, hover: Hover | None) -> None:
        """Light up the letters of the word under the pointer, in the text they stand in."""
        known = explanation is not None and hover is not None and 0 <= hover.token < len(explanation.tokens)
        word = word_around(explanation.tokens, hover.token) if known else None  # type: ignore[union-attr]
        self.field.mark(word[1:] if word is not None and not word[0] else None)
        self.second.mark(word[1:] if word is not None and word[0] else None)

    def mask_token(self) -> str:
        """How a gap is written, "" where the model fills none or was never opened."""
        if self._failure is not None and self._failure.mask_token:
            return self._failure.mask_token
        fills_gaps = self._info is not None and self._info.head is Head.MASKED_WORD
        return self._info.mask_token if fills_gaps and self._info is not None else ""

    def _lay_out(self) -> None:
        self.header.addWidget(self.gap)
        self.header.addWidget(self.examples)
        caption = QLabel(help_text("text", "second"))
        caption.setObjectName("title")
        caption.setBuddy(self.second)
        self._second_row = QWidget()
        heading = QHBoxLayout(self._second_row)
        heading.setContentsMargins(0, 4, 0, 0)
        heading.addWidget(caption)
        heading.addStretch(1)
        heading.addWidget(self.remove_second)
        for widget in (self.field, self._second_row, self.second, self.notice):
            self.body.addWidget(widget)
        self.body.addLayout(_line(self.leave_out))
        self.body.addWidget(self.remark)
        self.body.addLayout(_line(self.add_second, self.glosses))
        self._second_row.hide()
        self.second.hide()

    def _connect(self) -> None:
        self.field.textChanged.connect(self._on_text_changed)
        self.second.textChanged.connect(self._on_pair_changed)
        self.field.interlinear_pasted.connect(self._on_interlinear_pasted)
        self.second.interlinear_pasted.connect(self._on_sentence_pasted)
        for field in (self.field, self.second):
            field.paste_refused.connect(self._remark)
            field.entered.connect(self._on_entered)
        self.examples.clicked.connect(self._on_examples_clicked)
        self.gap.clicked.connect(self._on_gap_clicked)
        self.leave_out.clicked.connect(self._on_leave_out_clicked)
        self.add_second.clicked.connect(self._on_second_added)
        self.remove_second.clicked.connect(self._on_second_removed)
        self.glosses.clicked.connect(self._on_glosses_clicked)

    def _show_offers(self) -> None:
        """Show what can be done with this text and this model, and nothing else."""
        mask = self.mask_token()
        self.examples.setVisible(bool(examples(self._model) or self._recent))
        self.gap.setVisible(bool(mask))
        self.gap.setToolTip(help_text("text", "gap_hint", mask=mask))
        takes_pairs = self._info is not None and self._info.takes_pairs
        self.add_second.setVisible(takes_pairs and not self._is_pair)
        self.glosses.setText(help_text("gloss", "add" if self._annotation is None else "change"))
        self._show_leave_out()

    def _show_leave_out(self) -> None:
        text = self.field.toPlainText()
        word = last_word(text) if self._failure is not None and self._failure.mask_token else None
        self.leave_out.setVisible(word is not None)
        if word is not None:
            name = text[slice(*word)]
            cut = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
            self.leave_out.setText(help_text("text", "gap_last", word=cut))

    @Slot(str)
    def _remark(self, words: str) -> None:
        self.remark.setText(words)
        self.remark.setVisible(bool(words))

    @Slot()
    def _on_entered(self) -> None:
        self._written_in = self.second if self.second.hasFocus() else self.field

    @Slot()
    def _on_text_changed(self) -> None:
        self._remark("")
        self._show_leave_out()
        self.text_edited.emit(self.field.toPlainText())

    @Slot()
    def _on_pair_changed(self) -> None:
        self._remark("")
        self.pair_edited.emit(self.second.toPlainText())

    @Slot()
    def _on_second_added(self) -> None:
        self.pair_edited.emit("")
        self.second.setFocus()

    @Slot()
    def _on_second_removed(self) -> None:
        self.pair_edited.emit(None)
        self.field.setFocus()

    @Slot()
    def _on_gap_clicked(self) -> None:
        field = self._written_in
        text = field.toPlainText()
        start, end = field.selection()
        self._put_gap(field, *(selected(text, start, end) if start < end else (start, end)))

    @Slot()
    def _on_leave_out_clicked(self) -> None:
        word = last_word(self.field.toPlainText())
        if word is not None:
            self._put_gap(self.field, *word)

    def _put_gap(self, field: SentenceField, start: int, end: int) -> None:
        field.write(*with_gap(field.toPlainText(), start, end, self.mask_token()))
        field.setFocus()

    @Slot()
    def _on_examples_clicked(self) -> None:
        popup = Popup(self.examples, help_text("text", "examples"))
        popup.chosen.connect(self._on_example_chosen)
        tried, now = examples(self._model), self.field.toPlainText()
        offered = {example.text for example in tried}
        recent = [text for text in self._recent if text not in offered]
        if tried and recent:
            popup.add_heading(help_text("text", "tried"))
        for example in tried:
            popup.add_entry(example.text, example.about, example.text, is_current=example.text == now)
        if recent:
            popup.add_heading(help_text("text", "recent"))
        for text in recent:
            popup.add_entry(text, "", text, is_current=text == now)
        popup.open_under_opener()

    @Slot(object)
    def _on_example_chosen(self, text: str) -> None:
        self.field.write(text)

    @Slot()
    def _on_glosses_clicked(self) -> None:
        popup = Popup(self.glosses, help_text("gloss", "title"))
        form = GlossForm(self.field.toPlainText(), self._annotation, self._draft)
        form.drafted.connect(self._on_drafted)
        form.taken.connect(self._on_glosses_taken)
        form.removed.connect(self._on_glosses_removed)
        form.taken.connect(popup.close)
        form.removed.connect(popup.close)
        form.grown.connect(popup.fit)
        popup.add_heading(help_text("gloss", "title"))
        popup.add_form(form)
        popup.open_under_opener()
        form.field.setFocus()

    @Slot(str)
    def _on_drafted(self, draft: str) -> None:
        self._draft = draft

    @Slot(object, bool)
    def _on_glosses_taken(self, pasted: Pasted, is_text: bool) -> None:
        self._draft = ""
        if is_text:
            self.field.write(pasted.text)
        self.annotation_changed.emit(pasted.annotation)
        self._remark(" ".join(pasted.remarks))

    @Slot()
    def _on_glosses_removed(self) -> None:
        self.annotation_changed.emit(None)

    @Slot(object)
    def _on_interlinear_pasted(self, pasted: Pasted) -> None:
        self.field.write(pasted.text)
        self.annotation_changed.emit(pasted.annotation)
        self._remark(" ".join((help_text("gloss", "taken"), *pasted.remarks)))

    @Slot(object)
    def _on_sentence_pasted(self, pasted: Pasted) -> None:
        """Nothing is shown under the second text: of a table pasted there only the sentence is taken."""
        self.second.write(pasted.text)


def _line(*links: QPushButton) -> QHBoxLayout:
    """Links side by side, their letters in line with the field above."""
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addSpacing(-3)
    for link in links:
        line.addWidget(link)
    line.addStretch(1)
    return line


def _link(key: str) -> QPushButton:
    link = QPushButton(help_text("text", key))
    link.setObjectName("link")
    link.setToolTip(help_text("text", f"{key}_hint"))
    return link
