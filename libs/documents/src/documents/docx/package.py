"""Unzip and parse the parts of a DOCX package within limits. Nothing outside the package is ever opened."""

import posixpath
import zipfile
import zlib
from io import BytesIO
from typing import Final

from lxml import etree

from documents.errors import CorruptFile, EncryptedFile, TooComplex, UnsupportedFileType
from documents.limits import Limits

_NOT_WORD: Final = "This is an archive or a document of another program: save it as .docx or PDF."
_CHUNK: Final = 65_536
# Small parts with many equal tags exceed any useful compression ratio, so the ratio applies from this size.
_MIN_RATIO_SIZE: Final = 1024 * 1024
_COMPRESSIONS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
_RESOURCE_ERRORS: Final = (etree.ErrorTypes.ERR_NO_MEMORY, etree.ErrorTypes.ERR_RESOURCE_LIMIT)
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace.

    Word's transitional and strict formats only differ in namespaces.
    """
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """Return the value of an attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child with this name."""
    if element is None:
        return None
    return next((item for item in element if local(item) == name), None)


def child_value(element: etree._Element | None, name: str, attribute_name: str = "val") -> str | None:
    """Return an attribute of the first child with this name, or None if there is no such child."""
    found = child(element, name)
    return attribute(found, attribute_name) if found is not None else None


class Package:
    """An opened DOCX file. Every method raises CorruptFile or TooComplex if a part cannot be accepted."""

    def __init__(self, data: bytes, *, limits: Limits) -> None:
        # Count entries before `ZipFile` creates an object for each of them.
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
        """Return the root element of a part, or None if there is no such part."""
        if name not in self._roots:
            entry = self._entries.get(name.lower())
            self._roots[name] = _parse(self._unzip(entry)) if entry else None
        return self._roots[name]

    def part_names(self, kind: str) -> list[str]:
        """Return the names of the parts of a kind, such as "styles", that belong to the main part."""
        return [target for found, target in self._relations(self.main).values() if found == kind]

    def part_name(self, identifier: str | None) -> str | None:
        """Return the name of the part that the main part refers to as `identifier`."""
        found = self._relations(self.main).get(identifier or "")
        return found[1] if found else None

    def link_targets(self, source: str) -> dict[str, str]:
        """Return the addresses that a part links to, by the identifiers that its text uses."""
        folder, file = posixpath.split(source)
        root = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        return {
            item.get("Id", ""): item.get("Target", "")
            for item in (root if root is not None else ())
            if item.get("TargetMode") == "External" and item.get("Type", "").endswith("/hyperlink")
        }

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
        if entry.compress_type not in _COMPRESSIONS:
            raise CorruptFile
        content = bytearray()
        most = max(_MIN_RATIO_SIZE, entry.compress_size * self._limits.zip_ratio)
        try:
            with self._zip.open(entry) as stream:
                # Count the bytes that are unzipped: the sizes stated in the archive may be false.
                while chunk := stream.read(_CHUNK):
                    content += chunk
                    self._unzipped += len(chunk)
                    if self._unzipped > self._limits.unzipped_bytes or len(content) > most:
                        raise TooComplex
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
            raise CorruptFile from None
        return bytes(content)


def _parse(content: bytes) -> etree._Element:
    # Word writes no DOCTYPE. Its only use would be to define entities.
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
        raise (TooComplex if error.code in _RESOURCE_ERRORS else CorruptFile) from None
    if root.getroottree().docinfo.doctype:
        raise CorruptFile
    return root
