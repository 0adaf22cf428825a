"""A figure as PDF."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter

from gui.figures.caption import program
from gui.figures.embedded import xml_element
from gui.figures.pdf_words import PdfPainter, with_words
from gui.figures.sizes import DPI, Size
from gui.figures.xml_text import escaped, legal
from gui.viewkit import Figure

PACKET = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:format>application/pdf</dc:format><xmp:CreatorTool>{program}</xmp:CreatorTool>{settings}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def pdf(figure: Figure, size: Size, title: str, settings: str) -> bytes:
    """The file; ``settings`` in its metadata, "" for none."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(legal(title))
    writer.setCreator(program())
    packet = PACKET.format(
        title=escaped(title), program=escaped(program()), settings=xml_element(settings) if settings else ""
    )
    writer.setDocumentXmpMetadata(packet.encode())
    writer.setResolution(DPI)
    points = QSizeF(size.width * 72 / DPI, size.height * 72 / DPI)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "figure", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point)
    painter = PdfPainter(writer)
    try:
        figure.paint(painter)
    finally:
        painter.end()
    return with_words(bytes(data.data()), painter.said)
