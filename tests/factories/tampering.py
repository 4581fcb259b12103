"""The files of a certificate taken apart, altered, and put together again."""

import hashlib
import io
import json
import zipfile

import numpy as np

Members = dict[str, bytes]


def members(data: bytes) -> Members:
    """What a file holds, but its seal."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "seal.txt"}


def digest(content: Members) -> str:
    found = hashlib.sha256()
    for name in sorted(content):
        found.update(f"{name} {len(content[name])}\n".encode() + content[name])
    return found.hexdigest()


def sealed(content: Members, *, seal: str | None = None) -> bytes:
    """A file of these members, with the seal that suits them unless another is given."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
        archive.writestr("seal.txt", seal or digest(content))
    return stream.getvalue()


def header(data: bytes) -> dict:
    return json.loads(members(data)["header.json"])


def array(data: bytes, name: str):
    return np.load(io.BytesIO(members(data)[f"{name}.npy"]), allow_pickle=False)


def with_header(data: bytes, **changes) -> bytes:
    """The same file with another header, sealed again."""
    content = members(data)
    content["header.json"] = json.dumps(header(data) | changes).encode()
    return sealed(content)


def with_array(data: bytes, name: str, values) -> bytes:
    """The same file with another array, sealed again."""
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.ascontiguousarray(values), version=(1, 0))
    return sealed(members(data) | {f"{name}.npy": stream.getvalue()})


def for_instance(certificate: bytes, instance: bytes) -> bytes:
    """The same certificate, said to be that of another instance."""
    return with_header(certificate, instance=digest(members(instance)))
