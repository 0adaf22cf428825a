from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication

from gui.paint.links import ranked
from gui.paint.strands_draft import draft_image, lines_of

APPLICATION = QApplication.instance() or QApplication(["headstream-tests"])
COLUMNS, ROWS, SIZE = (20.0, 120.0, 220.0), tuple(10.0 + 14.0 * row for row in range(12)), (240, 180)


@pytest.mark.parametrize("coverage", [0.2, 0.6, 1.0])
def test_the_draft_is_what_painting_the_chosen_links_one_by_one_gives(coverage):
    random = np.random.default_rng(5)
    ranking = ranked(random.random((2, 12, 12)) ** 3 - 0.2, np.ones(12, dtype=bool))
    links = ranking.until(coverage)
    colours = np.zeros(sum(map(len, ranking.place)), np.uint32)
    colours[links.rank] = 0xFF000000 + 977 * (links.rank + 1)
    drawn = draft_image(ranking, (COLUMNS, ROWS), SIZE, 3.0, colours)
    one_by_one = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    one_by_one.fill(0)
    painter = QPainter(one_by_one)
    for rank, weight in zip(links.rank.tolist(), links.weight.tolist(), strict=True):
        width = max(1.0, 3.0 * abs(weight))
        painter.setPen(QPen(QColor.fromRgba(int(colours[rank])), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(lines_of(ranking, COLUMNS, ROWS)[rank])
    painter.end()
    inner = (21, 0, 98, SIZE[1])  # where two layers touch, either may lie on top
    assert drawn.copy(*inner) == one_by_one.copy(*inner)
    assert drawn.pixelColor(5, 5).alpha() == 0


def test_every_rank_has_its_own_line():
    edge = np.zeros((2, 12, 12))
    edge[0, 3, 1], edge[1, 0, 3] = 2.0, -1.0
    lines = lines_of(ranked(edge, np.ones(12, dtype=bool)), COLUMNS, ROWS)
    assert [(line.x1(), line.y1(), line.x2(), line.y2()) for line in lines] == [
        (20.0, ROWS[1], 120.0, ROWS[3]),
        (120.0, ROWS[3], 220.0, ROWS[0]),
    ]
