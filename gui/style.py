"""The look of the window's own widgets: one style sheet, one Qt palette and one typeface, all from a Palette."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QPalette

from gui.paint.colour import css, qcolor
from gui.paint.palette import Palette, blend

BODY_PIXELS = 13
GAP = 12  # between cards, and from cards to the window's edge
CARD_PADDING = 14
PREFERRED_FAMILIES = ("Inter", "Segoe UI", "Noto Sans", "Cantarell", "Ubuntu")
UNCHOSEN_FAMILIES = ("DejaVu Sans", "Sans Serif", "Sans", "Bitstream Vera Sans")


def interface_font(system: QFont) -> QFont:
    """The system's font at body size; a better one where the system never chose any."""
    font = QFont(system)
    if QFontInfo(system).family() in UNCHOSEN_FAMILIES:
        installed = set(QFontDatabase.families())
        better = next((family for family in PREFERRED_FAMILIES if family in installed), None)
        if better is not None:
            font.setFamilies([better])
    font.setPixelSize(BODY_PIXELS)
    return font


def tabular(font: QFont) -> QFont:
    """The same font with figures of one width, so that numbers stand in columns."""
    figures = QFont(font)
    figures.setFeature(QFont.Tag("tnum"), 1)
    return figures


def qt_palette(palette: Palette) -> QPalette:
    """The same colours for whatever Qt paints by itself."""
    colours = QPalette()
    for role, rgb in (
        (QPalette.ColorRole.Window, palette.page),
        (QPalette.ColorRole.Base, palette.card),
        (QPalette.ColorRole.AlternateBase, palette.page),
        (QPalette.ColorRole.Button, palette.card),
        (QPalette.ColorRole.WindowText, palette.text),
        (QPalette.ColorRole.Text, palette.text),
        (QPalette.ColorRole.ButtonText, palette.text),
        (QPalette.ColorRole.PlaceholderText, palette.faint),
        (QPalette.ColorRole.Highlight, palette.accent),
        (QPalette.ColorRole.HighlightedText, palette.on_colour),
        (QPalette.ColorRole.Link, palette.accent),
        (QPalette.ColorRole.ToolTipBase, palette.card),
        (QPalette.ColorRole.ToolTipText, palette.text),
    ):
        colours.setColor(role, qcolor(rgb))
    return colours


def style_sheet(palette: Palette) -> str:
    """Everything the window's own widgets look like."""
    return "\n".join((_frames(palette), _words(palette), _buttons(palette), _fields(palette), _scrolling(palette)))


def _frames(p: Palette) -> str:
    return f"""
    #window {{ background: {css(p.page)}; }}
    #top_bar {{ background: {css(p.card)}; border: none; border-bottom: 1px solid {css(p.border)}; }}
    #status {{ background: {css(p.card)}; border: none; border-top: 1px solid {css(p.border)}; }}
    #card {{ background: {css(p.card)}; border: 1px solid {css(p.border)}; border-radius: 10px; }}
    #popup {{ background: {css(p.card)}; border: 1px solid {css(p.border)}; border-radius: 8px; }}
    #notice {{ background: {css(blend(p.card, p.against, 0.08))}; color: {css(p.text)};
        border: 1px solid {css(blend(p.card, p.against, 0.35))}; border-radius: 6px; padding: 6px 8px; }}
    #notices > #notice {{ margin-top: {GAP}px; }}
    #banner {{ background: {css(blend(p.card, p.against, 0.08))};
        border: none; border-bottom: 1px solid {css(p.border)}; }}
    #rule {{ background: {css(p.border)}; border: none; max-height: 1px; min-height: 1px; }}
    QSplitter::handle {{ background: transparent; }}
    QToolTip {{ background: {css(p.card)}; color: {css(p.text)}; border: 1px solid {css(p.border)}; padding: 1px 3px; }}
    """


def _words(p: Palette) -> str:
    return f"""
    QLabel {{ color: {css(p.text)}; background: transparent; }}
    QLabel:disabled, #prose:disabled, #quiet:disabled {{ color: {css(p.faint)}; }}
    #wordmark {{ color: {css(blend(p.accent, p.text, 0.35))}; font-size: 16px; font-weight: 700; }}
    #title {{ color: {css(p.muted)}; font-size: 12px; font-weight: 600; }}
    #prose {{ color: {css(blend(p.text, p.muted, 0.35))}; }}
    #quiet, #status QLabel {{ color: {css(p.muted)}; font-size: 12px; }}
    #caption {{ color: {css(p.muted)}; font-size: 12px; }}
    #value {{ font-weight: 600; }}
    #entry_title {{ font-weight: 600; }}
    #entry_title:disabled, #entry_sentence:disabled, #entry_facts:disabled {{ color: {css(p.faint)}; }}
    #entry_sentence, #entry_facts {{ color: {css(p.muted)}; font-size: 12px; }}
    #entry_facts {{ color: {css(blend(p.muted, p.faint, 0.5))}; }}
    #placeholder {{ color: {css(p.muted)}; font-size: 14px; }}
    """


def _buttons(p: Palette) -> str:
    hover = css(blend(p.card, p.page, 0.8))
    return f"""
    QPushButton {{ background: {css(p.card)}; color: {css(p.text)}; border: 1px solid {css(p.border)};
        border-radius: 8px; padding: 0 12px; min-height: 30px; font-weight: 500; }}
    QPushButton:hover {{ background: {hover}; }}
    QPushButton:focus {{ border: 1px solid {css(p.accent)}; }}
    QPushButton:disabled {{ color: {css(p.faint)}; }}
    QPushButton#primary {{ background: {css(p.accent)}; color: {css(p.on_colour)}; border-color: {css(p.accent)};
        font-weight: 600; }}
    QPushButton#primary:hover {{ background: {css(blend(p.accent, p.text, 0.2))}; }}
    QPushButton#primary:focus {{ border: 2px solid {css(blend(p.accent, p.text, 0.5))}; }}
    QPushButton#primary:disabled {{ background: {css(p.grid)}; color: {css(p.faint)}; border-color: {css(p.grid)}; }}
    QPushButton#link {{ background: transparent; border: 1px solid transparent; color: {css(p.accent)};
        padding: 0 2px; min-height: 20px; font-size: 12px; border-radius: 4px; }}
    QPushButton#link:hover {{ background: {css(p.accent_soft)}; }}
    QPushButton#link:focus {{ border-color: {css(p.accent)}; }}
    QPushButton#link:disabled {{ color: {css(p.faint)}; }}
    QPushButton#fold {{ background: transparent; border: 1px solid transparent; border-radius: 6px; text-align: left;
        padding: 0 9px; color: {css(p.accent)}; font-size: 12px; font-weight: 600; }}
    QPushButton#fold:hover {{ background: {css(p.page)}; }}
    QPushButton#fold:focus {{ border-color: {css(p.accent)}; }}
    QPushButton#chooser[failed="true"] {{ border: 1px solid {css(p.against)}; }}
    QPushButton#entry {{ border: 1px solid transparent; border-radius: 6px; text-align: left; padding: 0; }}
    QPushButton#entry:hover {{ background: {css(p.page)}; }}
    QPushButton#entry:focus {{ border-color: {css(p.accent)}; }}
    QPushButton#entry:checked {{ background: {css(p.accent_soft)}; }}
    """


def _fields(p: Palette) -> str:
    return f"""
    QPlainTextEdit {{ background: {css(p.card)}; color: {css(p.text)}; border: 1px solid {css(p.border)};
        border-radius: 8px; padding: 6px 8px; font-size: 16px;
        selection-background-color: {css(p.accent)}; selection-color: {css(p.on_colour)}; }}
    QPlainTextEdit:focus {{ border: 1px solid {css(p.accent)}; }}
    QPlainTextEdit > QWidget {{ background: transparent; }}
    QPlainTextEdit#table {{ font-size: 13px; }}
    QLineEdit#answer {{ background: {css(p.card)}; color: {css(p.text)}; border: 1px solid {css(p.border)};
        border-radius: 6px; padding: 3px 6px; min-height: 20px;
        selection-background-color: {css(p.accent)}; selection-color: {css(p.on_colour)}; }}
    QLineEdit#answer:focus {{ border-color: {css(p.accent)}; }}
    QAbstractSpinBox, QComboBox {{ background: {css(p.card)}; color: {css(p.text)}; border: 1px solid {css(p.border)};
        border-radius: 6px; padding: 3px 6px; min-height: 20px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 24px; background: transparent; }}
    QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow {{ image: none; }}
    QComboBox::drop-down {{ border: none; width: 20px; }}
    QComboBox::down-arrow {{ image: none; }}
    QAbstractSpinBox:focus, QComboBox:focus {{ border-color: {css(p.accent)}; }}
    QProgressBar {{ background: {css(p.grid)}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
    QProgressBar::chunk {{ background: {css(p.accent)}; border-radius: 3px; }}
    """


def _scrolling(p: Palette) -> str:
    return f"""
    QScrollArea, #column {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {css(p.border)}; border-radius: 4px; min-height: 24px; }}
    QScrollBar::handle:vertical:hover {{ background: {css(p.faint)}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """
