"""The look of the window's own widgets: one style sheet, one Qt palette and one typeface, all from a Palette.

Lengths are drawn for body type of ``BODY_PIXELS``; :func:`sized` makes them grow with the type a person has chosen.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette

from gui.paint.colour import css, qcolor
from gui.paint.palette import Palette, blend
from gui.paint.typeface import BODY_PIXELS

GAP = 12  # between cards, and from cards to the window's edge
CARD_PADDING = 14
PREFERRED_FAMILIES = ("Inter", "Segoe UI", "Noto Sans", "Cantarell", "Ubuntu")
UNCHOSEN_FAMILIES = ("DejaVu Sans", "Sans Serif", "Sans", "Bitstream Vera Sans")


def interface_font(system: QFont, percent: int = 100) -> QFont:
    """The system's font at ``percent`` of body size; a better one where the system never chose any."""
    font = QFont(system)
    if QFontInfo(system).family() in UNCHOSEN_FAMILIES:
        installed = set(QFontDatabase.families())
        better = next((family for family in PREFERRED_FAMILIES if family in installed), None)
        if better is not None:
            font.setFamilies([better])
    font.setPixelSize(round(BODY_PIXELS * percent / 100))
    return font


def sized(pixels: float) -> int:
    """A length drawn for body type of ``BODY_PIXELS``, as long as the type the application has now makes it."""
    return round(pixels * QFontInfo(QGuiApplication.font()).pixelSize() / BODY_PIXELS)


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
        (QPalette.ColorRole.Accent, palette.accent),
        (QPalette.ColorRole.Light, palette.card),
        (QPalette.ColorRole.Midlight, palette.grid),
        (QPalette.ColorRole.Mid, palette.border),
        (QPalette.ColorRole.Dark, palette.border),
        (QPalette.ColorRole.Shadow, palette.muted),
    ):
        colours.setColor(role, qcolor(rgb))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        colours.setColor(QPalette.ColorGroup.Disabled, role, qcolor(palette.idle))
    return colours


def style_sheet(palette: Palette) -> str:
    """Everything the window's own widgets look like, in the type the application has now."""
    return "\n".join((_frames(palette), _words(palette), _buttons(palette), _fields(palette), _scrolling(palette)))


def _frames(p: Palette) -> str:
    return f"""
    #window {{ background: {css(p.page)}; }}
    #top_bar {{ background: {css(p.card)}; border: none; border-bottom: 1px solid {css(p.border)}; }}
    #status {{ background: {css(p.card)}; border: none; border-top: 1px solid {css(p.border)}; }}
    #presented {{ background: {css(p.card)}; border: none; }}
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
    small = f"font-size: {sized(12)}px;"
    return f"""
    QLabel {{ color: {css(p.text)}; background: transparent; }}
    QLabel:disabled, #prose:disabled, #quiet:disabled {{ color: {css(p.idle)}; }}
    #wordmark {{ color: {css(blend(p.accent, p.text, 0.35))}; font-size: {sized(16)}px; font-weight: 700; }}
    #title {{ color: {css(p.muted)}; {small} font-weight: 600; }}
    #prose {{ color: {css(blend(p.text, p.muted, 0.35))}; }}
    #quiet, #status QLabel, #caption, #shortcut_place {{ color: {css(p.muted)}; {small} }}
    #value, #entry_title, #term {{ font-weight: 600; }}
    #entry_term {{ color: {css(p.text)}; {small} font-weight: 600; }}
    #entry_sentence, #entry_facts {{ color: {css(p.muted)}; {small} }}
    #entry QLabel:disabled {{ color: {css(p.idle)}; }}
    #placeholder {{ color: {css(p.muted)}; font-size: {sized(14)}px; }}
    #sheet_title {{ color: {css(p.text)}; font-size: {sized(15)}px; font-weight: 600; }}
    FlowStrip QWidget, MapStrip QWidget, RowStrip QWidget {{ {small} }}
    #key {{ color: {css(p.text)}; background: {css(p.page)}; border: 1px solid {css(p.border)}; border-radius: 4px;
        padding: 1px 6px; {small} }}
    """


def _buttons(p: Palette) -> str:
    hover, focus = css(blend(p.card, p.page, 0.8)), f"{_edge(p)}px solid {css(p.accent)}"
    small = f"font-size: {sized(12)}px;"
    return f"""
    QPushButton {{ background: {css(p.card)}; color: {css(p.text)}; border: {_edge(p)}px solid {css(p.border)};
        border-radius: 8px; padding: 0 12px; min-height: {sized(30)}px; font-weight: 500; }}
    QPushButton:hover {{ background: {hover}; }}
    QPushButton:focus {{ border: {focus}; }}
    QPushButton:disabled {{ color: {css(p.idle)}; }}
    QPushButton:checked {{ background: {css(p.accent_soft)}; color: {css(p.accent)};
        border-color: {css(blend(p.accent_soft, p.accent, 0.35))}; }}
    QPushButton#primary {{ background: {css(p.accent)}; color: {css(p.on_colour)}; border-color: {css(p.accent)};
        font-weight: 600; }}
    QPushButton#primary:hover {{ background: {css(blend(p.accent, p.text, 0.2))}; }}
    QPushButton#primary:focus {{ border: 2px solid {css(blend(p.accent, p.text, 0.5))}; }}
    QPushButton#primary:disabled {{ background: {css(p.grid)}; color: {css(p.idle)}; border-color: {css(p.grid)}; }}
    QPushButton#icon {{ background: transparent; border: {_edge(p)}px solid transparent; padding: 0; min-height: 0; }}
    QPushButton#icon:hover {{ background: {css(p.page)}; }}
    QPushButton#icon:focus {{ border: {focus}; }}
    QPushButton#link {{ background: transparent; border: {_edge(p)}px solid transparent; color: {css(p.accent)};
        padding: 0 2px; min-height: {sized(20)}px; {small} border-radius: 4px; }}
    QPushButton#link:hover {{ background: {css(p.accent_soft)}; }}
    QPushButton#link:focus {{ border: {focus}; }}
    QPushButton#link:disabled {{ color: {css(p.idle)}; }}
    QPushButton#fold {{ background: transparent; border: {_edge(p)}px solid transparent; border-radius: 6px;
        text-align: left; padding: 0 9px; color: {css(p.accent)}; {small} font-weight: 600; }}
    QPushButton#fold:hover {{ background: {css(p.page)}; }}
    QPushButton#fold:focus {{ border: {focus}; }}
    QPushButton#chooser[failed="true"] {{ border: {_edge(p)}px solid {css(p.against)}; }}
    QPushButton#chooser[failed="true"]:focus {{ border: 2px solid {css(p.against)}; }}
    QPushButton#slide {{ padding: 0; min-height: 0; text-align: left; }}
    QPushButton#slide:checked {{ background: {css(p.accent_soft)}; border-color: {css(p.accent)}; }}
    QPushButton#slide:focus {{ border: {focus}; }}
    QPushButton#entry {{ border: {_edge(p)}px solid transparent; border-radius: 6px; text-align: left; padding: 0; }}
    QPushButton#entry:hover {{ background: {css(p.page)}; }}
    QPushButton#entry:focus {{ border: {focus}; }}
    QPushButton#entry:checked {{ background: {css(p.accent_soft)}; }}
    """


def _fields(p: Palette) -> str:
    edge, focus = f"{_edge(p)}px solid {css(p.border)}", f"{_edge(p)}px solid {css(p.accent)}"
    return f"""
    QPlainTextEdit {{ background: {css(p.card)}; color: {css(p.text)}; border: {edge};
        border-radius: 8px; padding: 6px 8px; font-size: {sized(16)}px;
        selection-background-color: {css(p.accent)}; selection-color: {css(p.on_colour)}; }}
    QPlainTextEdit:focus {{ border: {focus}; }}
    QPlainTextEdit > QWidget {{ background: transparent; }}
    QPlainTextEdit#side {{ border-color: transparent; padding: 2px 5px; }}
    QPlainTextEdit#side:hover {{ border-color: {css(p.border)}; }}
    QPlainTextEdit#side:focus {{ border-color: {css(p.accent)}; }}
    QPlainTextEdit#table {{ font-size: {sized(13)}px; }}
    QLineEdit#answer {{ background: {css(p.card)}; color: {css(p.text)}; border: {edge};
        border-radius: 6px; padding: 3px 6px; min-height: {sized(20)}px;
        selection-background-color: {css(p.accent)}; selection-color: {css(p.on_colour)}; }}
    QLineEdit#answer:focus {{ border: {focus}; }}
    QAbstractSpinBox, QComboBox {{ background: {css(p.card)}; color: {css(p.text)}; border: {edge};
        border-radius: 6px; padding: 3px 6px; min-height: {sized(20)}px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 24px; background: transparent; }}
    QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow {{ image: none; }}
    QComboBox::drop-down {{ border: none; width: 20px; }}
    QComboBox::down-arrow {{ image: none; }}
    QAbstractSpinBox:focus, QComboBox:focus {{ border: {focus}; }}
    QComboBox QAbstractItemView {{ background: {css(p.card)}; color: {css(p.text)}; border: {edge};
        selection-background-color: {css(p.accent_soft)}; selection-color: {css(p.text)}; outline: none; }}
    QProgressBar {{ background: {css(p.grid)}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
    QProgressBar::chunk {{ background: {css(p.accent)}; border-radius: 3px; }}
    """


def _edge(p: Palette) -> int:
    """How thick the edge of a control is, with the focus and without: nothing moves when the focus does."""
    return 2 if p.is_strong else 1


def _scrolling(p: Palette) -> str:
    handle = p.muted if p.is_strong else blend(p.border, p.muted, 0.25)
    return f"""
    QScrollArea, #column {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 9px; margin: 0 0 0 2px; }}
    QScrollBar::handle:vertical {{ background: {css(handle)}; border-radius: 3px; min-height: 24px; }}
    QScrollBar:horizontal {{ background: transparent; height: 8px; margin: 0; }}
    QScrollBar::handle:horizontal {{ background: {css(handle)}; border-radius: 4px; min-width: 24px; }}
    QScrollBar::handle:hover {{ background: {css(p.faint)}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """
