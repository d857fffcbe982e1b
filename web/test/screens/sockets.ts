import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

// The server's half of RFC 6455, as much as a test needs: whole messages, no
// extensions, frames from the browser masked and unfragmented.

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export type Socket = {
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  onMessage: (data: string | Buffer) => void;
  onClose: () => void;
};

/** acceptSocket answers the upgrade and gives the socket. */
export function acceptSocket(request: IncomingMessage, stream: Duplex): Socket {
  const key = String(request.headers['sec-websocket-key']);
  const accept = createHash('sha1').update(key + guid).digest('base64');
  const protocol = request.headers['sec-websocket-protocol'] ? 'Sec-WebSocket-Protocol: binary\r\n' : '';
  stream.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${protocol}Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const socket: Socket = {
    send: (data) => void stream.write(frame(typeof data === 'string' ? 1 : 2, Buffer.from(data))),
    close(code = 1000, reason = '') {
      const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
      payload.writeUInt16BE(code);
      payload.write(reason, 2);
      stream.end(frame(8, payload));
    },
    onMessage: () => {},
    onClose: () => {},
  };
  let rest = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let got = take(rest); got; got = take(rest)) {
      rest = rest.subarray(got.size);
      if (got.opcode === 8) stream.end();
      else if (got.opcode === 9) stream.write(frame(10, got.payload));
      else socket.onMessage(got.opcode === 1 ? got.payload.toString() : got.payload);
    }
  });
  stream.on('close', () => socket.onClose());
  stream.on('error', () => stream.destroy());
  return socket;
}

function frame(opcode: number, payload: Buffer): Buffer {
  const n = payload.length;
  const head = n < 126 ? Buffer.from([0x80 | opcode, n]) : n < 65536 ? Buffer.from([0x80 | opcode, 126, n >> 8, n & 255]) : Buffer.alloc(10);
  if (n >= 65536) {
    head[0] = 0x80 | opcode;
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(n), 2);
  }
  return Buffer.concat([head, payload]);
}

function take(b: Buffer): { opcode: number; payload: Buffer; size: number } | null {
  if (b.length < 6) return null;
  let n = b[1]! & 127;
  let at = 2;
  if (n === 126) {
    if (b.length < 8) return null;
    n = b.readUInt16BE(2);
    at = 4;
  } else if (n === 127) {
    if (b.length < 14) return null;
    n = Number(b.readBigUInt64BE(2));
    at = 10;
  }
  if (b.length < at + 4 + n) return null;
  const mask = b.subarray(at, at + 4);
  const payload = Buffer.from(b.subarray(at + 4, at + 4 + n));
  for (let i = 0; i < n; i++) payload[i]! ^= mask[i & 3]!;
  return { opcode: b[0]! & 15, payload, size: at + 4 + n };
}
