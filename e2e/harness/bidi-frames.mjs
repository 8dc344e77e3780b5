// The frames of a WebSocket from a client to its server (RFC 6455, 5.2), as far as a driver of a browser sends them:
// masked, and each message whole.

const TEXT = 1;

/**
 * Returns what turns a client's bytes, as they come, into the same with other texts. `opening` changes the request that
 * opens the WebSocket, `change` every message after it.
 */
export function translate(opening, change) {
  let waiting = Buffer.alloc(0);
  let isOpen = false;
  return (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    const out = [];
    if (!isOpen) {
      const end = waiting.indexOf('\r\n\r\n');
      if (end < 0) return Buffer.alloc(0);
      out.push(Buffer.from(opening(waiting.toString('latin1', 0, end + 4)), 'latin1'));
      waiting = waiting.subarray(end + 4);
      isOpen = true;
    }
    for (let frame = read(waiting); frame; frame = read(waiting)) {
      const text = frame.opcode === TEXT ? frame.body.toString() : '';
      const changed = change(text);
      out.push(changed === text ? waiting.subarray(0, frame.size) : write(changed, frame.mask));
      waiting = waiting.subarray(frame.size);
    }
    return Buffer.concat(out);
  };
}

/** Returns the first frame, unmasked; null until all of it has come. */
function read(bytes) {
  if (bytes.length < 2) return null;
  const short = bytes[1] & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const start = 2 + lengthBytes + 4;
  if (bytes.length < start) return null;
  const length =
    short === 127
      ? Number(bytes.readBigUInt64BE(2))
      : short === 126
        ? bytes.readUInt16BE(2)
        : short;
  const size = start + length;
  if (bytes.length < size) return null;
  const mask = bytes.subarray(start - 4, start);
  const body = masked(bytes.subarray(start, size), mask);
  return { opcode: bytes[0] & 0x0f, mask, body, size };
}

/** Returns a whole frame of text; its length is written in as few bytes as it needs. */
function write(text, mask) {
  const body = masked(Buffer.from(text), mask);
  const { length } = body;
  const head =
    length < 126
      ? [0x80 | TEXT, 0x80 | length]
      : [0x80 | TEXT, 0x80 | 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), mask, body]);
}

const masked = (bytes, mask) => bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
