"""The bytes of a certificate or of an instance: a zip of .npy arrays and one JSON header.

The same content gives the same bytes. Only numpy and a zip are needed to read it again.
method  docs/method/certificates.md
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from importlib import metadata

import numpy as np
from numpy.typing import NDArray

CERTIFICATE, INSTANCE = "certificate.npz", "instance.npz"
HEADER, SEAL = "header.json", "seal.txt"
VERSION = 1

# a zip dates its members: the first day that it can write
_NO_DATE = (1980, 1, 1, 0, 0, 0)
# nearly as small as the smallest, many times faster
_EFFORT = 3

type Header = Mapping[str, object]
type Arrays = Mapping[str, NDArray[np.generic]]


def files(question: tuple[Header, Arrays], answer: tuple[Header, Arrays]) -> dict[str, bytes]:
    """The two files, by name, of a question and its answer; both headers hold `kind`."""
    asked = _members("instance", *question)
    header = {**answer[0], "instance": _digest(asked), "software": _software()}
    given = _members("certificate", header, answer[1])
    return {INSTANCE: _zipped(asked), CERTIFICATE: _zipped(given)}


def _software() -> str:
    return f"maillage {metadata.version('maillage')}"


def _members(file: str, header: Header, arrays: Arrays) -> dict[str, bytes]:
    text = {"format": f"maillage-{file}", "version": VERSION, **header}
    members = {HEADER: json.dumps(text, indent=1, sort_keys=True, allow_nan=False).encode()}
    for name, values in arrays.items():
        stream = io.BytesIO()
        little = values.astype(values.dtype.newbyteorder("<"), copy=False)
        np.lib.format.write_array(
            stream, np.ascontiguousarray(little), version=(1, 0), allow_pickle=False
        )
        members[f"{name}.npy"] = stream.getvalue()
    return members


def _digest(members: Mapping[str, bytes]) -> str:
    """SHA-256 of each member in the order of names: name, length, line end, then its bytes."""
    found = hashlib.sha256()
    for name in sorted(members):
        found.update(f"{name} {len(members[name])}\n".encode())
        found.update(members[name])
    return found.hexdigest()


def _zipped(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    sealed = {**members, SEAL: f"{_digest(members)}\n".encode()}
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(sealed):
            entry = zipfile.ZipInfo(name, _NO_DATE)
            archive.writestr(entry, sealed[name], zipfile.ZIP_DEFLATED, _EFFORT)
    return stream.getvalue()
