"""Avro written by hand, as far as the tests of formats need it: data by a schema, containers of all codecs, framings."""
import bz2
import json
import lzma
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
import container  # noqa: E402

SYNC = bytes(range(16))


def datum(schema, value):
    """`value` in Avro binary; of unions [null, T] only, of containers one block."""
    if isinstance(schema, list):
        return b"\0" if value is None else b"\2" + datum(schema[1], value)
    kind = schema["type"] if isinstance(schema, dict) else schema
    if isinstance(kind, (dict, list)):
        return datum(kind, value)
    if kind in ("int", "long"):
        return container.long_bytes(value)
    if kind in ("float", "double"):
        return struct.pack("<f" if kind == "float" else "<d", value)
    if kind == "boolean":
        return b"\1" if value else b"\0"
    if kind in ("string", "bytes"):
        data = value.encode() if isinstance(value, str) else value
        return container.long_bytes(len(data)) + data
    if kind == "enum":
        return container.long_bytes(schema["symbols"].index(value))
    if kind == "array":
        items = b"".join(datum(schema["items"], item) for item in value)
        return (container.long_bytes(len(value)) + items if value else b"") + b"\0"
    if kind == "record":
        return b"".join(datum(field["type"], value[field["name"]]) for field in schema["fields"])
    raise AssertionError(kind)


def snappy(data):
    """Literals only, then the checksum."""
    out, size = bytearray(), len(data)
    while size >= 0x80:
        out.append(size & 0x7F | 0x80)
        size >>= 7
    out.append(size)
    for at in range(0, len(data), 1 << 16):
        piece = data[at:at + (1 << 16)]
        out += b"\xf4" + struct.pack("<H", len(piece) - 1) + piece
    return bytes(out) + struct.pack(">I", zlib.crc32(data))


def zstandard(data):
    """A frame of raw blocks, without the size of what is in it."""
    out, pieces = bytearray(b"\x28\xb5\x2f\xfd\x00\x58"), [data[at:at + (1 << 16)] for at in range(0, len(data), 1 << 16)]
    for number, piece in enumerate(pieces or [b""]):
        last = number + 1 >= len(pieces)
        out += struct.pack("<I", len(piece) << 3 | last)[:3] + piece
    return bytes(out)


def deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CODECS = {"null": bytes, "deflate": deflate, "snappy": snappy, "zstandard": zstandard, "bzip2": bz2.compress,
          "xz": lzma.compress}


def container_bytes(schema, values, codec="null", rows=100):
    text = json.dumps(schema).encode()
    out = bytearray(b"Obj\1" + container.long_bytes(2))
    for key, value in ((b"avro.schema", text), (b"avro.codec", codec.encode())):
        out += container.long_bytes(len(key)) + key + container.long_bytes(len(value)) + value
    out += b"\0" + SYNC
    for at in range(0, len(values), rows):
        block = values[at:at + rows]
        payload = CODECS[codec](b"".join(datum(schema, value) for value in block))
        out += container.long_bytes(len(block)) + container.long_bytes(len(payload)) + payload + SYNC
    return bytes(out)


def canonical(schema):
    """The parsing canonical form of a schema without namespaces inside."""
    if isinstance(schema, str):
        return json.dumps(schema)
    if isinstance(schema, list):
        return "[" + ",".join(map(canonical, schema)) + "]"
    if isinstance(schema["type"], (dict, list)):
        return canonical(schema["type"])
    if schema["type"] == "record":
        full = schema["namespace"] + "." + schema["name"]
        fields = ",".join('{"name":%s,"type":%s}' % (json.dumps(f["name"]), canonical(f["type"])) for f in schema["fields"])
        return '{"name":%s,"type":"record","fields":[%s]}' % (json.dumps(full), fields)
    if schema["type"] == "array":
        return '{"type":"array","items":%s}' % canonical(schema["items"])
    return json.dumps(schema["type"])


def fingerprint(schema):
    """CRC-64-AVRO, as the specification has it."""
    empty, value = 0xC15D213AA4D7A795, 0xC15D213AA4D7A795
    for byte in canonical(schema).encode():
        low = (value ^ byte) & 0xFF
        for _ in range(8):
            low = low >> 1 ^ (empty if low & 1 else 0)
        value = value >> 8 ^ low
    return struct.pack("<Q", value)


def framed(framing, schema, values, registry_id=0):
    out = bytearray()
    for value in values:
        body = datum(schema, value)
        if framing in ("single", "length-single"):
            body = b"\xc3\1" + fingerprint(schema) + body
        elif framing == "confluent":
            body = b"\0" + struct.pack(">I", registry_id) + body
        if framing in ("length", "length-single", "confluent"):
            out += struct.pack(">I", len(body))
        out += body
    return bytes(out)
