"""Avro object container files, as far as the tests look into them: header, blocks, and other block sizes.

  container.py IN OUT BYTES      copies a file with codec null, its blocks joined until they hold BYTES
"""
import dataclasses
import hashlib
import sys
import zlib


@dataclasses.dataclass
class Container:
    metadata: dict  # "avro.schema" and so on -> bytes
    sync: bytes
    blocks: list    # (records, payload as stored)

    @property
    def records(self):
        return sum(count for count, _ in self.blocks)

    def payload_digest(self):
        """Of all records' bytes: equal for files that differ in blocks, codec and sync marker only."""
        digest, deflate = hashlib.sha256(), self.metadata.get("avro.codec") == b"deflate"
        for _, payload in self.blocks:
            digest.update(zlib.decompress(payload, -15) if deflate else payload)
        return digest.hexdigest()


def read_long(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1), at


def long_bytes(value):
    value = (value << 1) ^ (value >> 63)
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def read_text(data, at):
    size, at = read_long(data, at)
    return bytes(data[at:at + size]), at + size


def read_header(data):
    """(metadata, sync, bytes of the header)"""
    assert data[:4] == b"Obj\x01", "not an Avro container"
    at, metadata = 4, {}
    count, at = read_long(data, at)
    while count != 0:
        if count < 0:
            _, at = read_long(data, at)
        for _ in range(abs(count)):
            key, at = read_text(data, at)
            metadata[key.decode()], at = read_text(data, at)
        count, at = read_long(data, at)
    return metadata, bytes(data[at:at + 16]), at + 16


def read(path):
    with open(path, "rb") as file:
        data = memoryview(file.read())
    metadata, sync, at = read_header(data)
    blocks = []
    while at < len(data):
        count, at = read_long(data, at)
        payload, at = read_text(data, at)
        assert data[at:at + 16] == sync, f"{path}: a wrong sync marker at byte {at}"
        at += 16
        blocks.append((count, payload))
    return Container(metadata, sync, blocks)


def write(path, container, block_bytes=0):
    """Blocks are joined until they hold `block_bytes`; only codec null can be joined."""
    joined = []
    for count, payload in container.blocks:
        if joined and len(joined[-1][1]) + len(payload) <= block_bytes:
            joined[-1] = (joined[-1][0] + count, joined[-1][1] + payload)
        else:
            joined.append((count, payload))
    with open(path, "wb") as file:
        file.write(b"Obj\x01" + long_bytes(len(container.metadata)))
        for key, value in container.metadata.items():
            file.write(long_bytes(len(key)) + key.encode() + long_bytes(len(value)) + value)
        file.write(b"\x00" + container.sync)
        for count, payload in joined:
            file.write(long_bytes(count) + long_bytes(len(payload)) + payload + container.sync)


if __name__ == "__main__":
    write(sys.argv[2], read(sys.argv[1]), int(sys.argv[3]))
