"""DOCX: the parts of the package, unzipped and parsed within bounds. Nothing else is ever opened."""

import posixpath
import zipfile
import zlib
from io import BytesIO
from typing import Final

from lxml import etree

from documents.errors import CorruptFile, EncryptedFile, TooComplex, UnsupportedFileType
from documents.limits import Limits

_NOT_WORD: Final = "This is an archive or a document of another program: save the resume as .docx or PDF."
_CHUNK: Final = 65_536
# Small parts of long runs of the same tags shrink by more than any ratio that is worth to refuse.
_RATIO_FROM: Final = 1024 * 1024
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
_TOO_MUCH: Final = (etree.ErrorTypes.ERR_NO_MEMORY, etree.ErrorTypes.ERR_RESOURCE_LIMIT)
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def local(element: etree._Element) -> str:
    """Return the name without its namespace: Word's transitional and strict formats differ in that alone."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """Return an attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child of that name."""
    if element is None:
        return None
    return next((item for item in element if local(item) == name), None)


class Package:
    """An opened DOCX. Every method raises CorruptFile or TooComplex where a part cannot be taken."""

    def __init__(self, data: bytes, *, limits: Limits) -> None:
        # Counted before the directory is read: an object is made of every entry.
        if data.count(b"PK\x01\x02") > limits.zip_entries:
            raise TooComplex
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            raise CorruptFile from None
        self._entries = {entry.filename.lstrip("/").lower(): entry for entry in self._zip.infolist()}
        self._limits = limits
        self._unzipped = 0
        self._roots: dict[str, etree._Element | None] = {}
        self.main = self._main()

    def part(self, name: str) -> etree._Element | None:
        """Return the root of a part, None where there is no such part."""
        if name not in self._roots:
            entry = self._entries.get(name.lower())
            self._roots[name] = _parse(self._unzip(entry)) if entry else None
        return self._roots[name]

    def related(self, kind: str) -> list[str]:
        """Return the names of the parts of a kind (such as "styles") that belong to the main part."""
        return [target for found, target in self._relations(self.main).values() if found == kind]

    def relation(self, identifier: str | None) -> str | None:
        """Return the name of the part that the main part calls `identifier`."""
        found = self._relations(self.main).get(identifier or "")
        return found[1] if found else None

    def _main(self) -> str:
        targets = [target for kind, target in self._relations("").values() if kind == "officeDocument"]
        name = targets[0] if targets else "word/document.xml"
        root = self.part(name) if name.endswith(".xml") else None
        if root is None or local(root) != "document":
            raise UnsupportedFileType(_NOT_WORD)
        return name

    def _relations(self, source: str) -> dict[str, tuple[str, str]]:
        folder, file = posixpath.split(source)
        root = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        relations: dict[str, tuple[str, str]] = {}
        for item in root if root is not None else ():
            kind, target = item.get("Type", ""), item.get("Target", "")
            if local(item) == "Relationship" and item.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                relations[item.get("Id", "")] = (kind.rpartition("/")[2], path)
        return relations

    def _unzip(self, entry: zipfile.ZipInfo) -> bytes:
        if entry.flag_bits & _ENCRYPTED:
            raise EncryptedFile
        if entry.compress_type not in _METHODS:
            raise CorruptFile
        content = bytearray()
        most = max(_RATIO_FROM, entry.compress_size * self._limits.zip_ratio)
        try:
            with self._zip.open(entry) as stream:
                # What is counted is what comes out: the sizes that the archive states may be lies.
                while chunk := stream.read(_CHUNK):
                    content += chunk
                    self._unzipped += len(chunk)
                    if self._unzipped > self._limits.unzipped_bytes or len(content) > most:
                        raise TooComplex
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
            raise CorruptFile from None
        return bytes(content)


def _parse(content: bytes) -> etree._Element:
    # Word writes no DOCTYPE; one can only be there to define entities.
    if any(doctype in content for doctype in _DOCTYPES):
        raise CorruptFile
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise (TooComplex if error.code in _TOO_MUCH else CorruptFile) from None
    if root.getroottree().docinfo.doctype:
        raise CorruptFile
    return root
