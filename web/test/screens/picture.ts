import type { Socket } from './sockets.ts';

// A virtual desktop that never changes: RFB 3.8 without a password, one
// picture in raw encoding. It looks like an office programme, with invented data.

export const width = 1280;
export const height = 800;

type Color = readonly [number, number, number];

function rectangle(pixels: Buffer, x: number, y: number, w: number, h: number, [r, g, b]: Color): void {
  for (let row = y; row < Math.min(height, y + h); row++) {
    for (let column = x; column < Math.min(width, x + w); column++) {
      const at = (row * width + column) * 4;
      pixels[at] = r;
      pixels[at + 1] = g;
      pixels[at + 2] = b;
    }
  }
}

let drawnOnce: Buffer | null = null;

/** desktopPixels draws it as noVNC asks for it: 32 bits a pixel, red first. */
export function desktopPixels(): Buffer {
  if (drawnOnce) return drawnOnce;
  const p = Buffer.alloc(width * height * 4, 255);
  rectangle(p, 0, 0, width, height, [62, 94, 120]);
  rectangle(p, 0, height - 44, width, 44, [28, 36, 44]);
  rectangle(p, 14, height - 34, 90, 24, [70, 84, 98]);
  rectangle(p, 120, 60, 1040, 640, [250, 250, 250]);
  rectangle(p, 120, 60, 1040, 38, [36, 80, 127]);
  rectangle(p, 140, 120, 220, 560, [238, 240, 243]);
  for (let i = 0; i < 9; i++) rectangle(p, 160, 144 + i * 52, 150 + ((i * 37) % 40), 12, [150, 158, 168]);
  for (let i = 0; i < 12; i++) {
    rectangle(p, 390, 130 + i * 44, 740, 1, [220, 224, 230]);
    rectangle(p, 400, 146 + i * 44, 120 + ((i * 53) % 60), 12, [110, 120, 132]);
    rectangle(p, 600, 146 + i * 44, 200 + ((i * 71) % 90), 12, [150, 158, 168]);
    rectangle(p, 960, 146 + i * 44, 80 + ((i * 29) % 50), 12, [150, 158, 168]);
  }
  drawnOnce = p;
  return p;
}

/** serveDesktop speaks RFB on a socket whose bearer was read. */
export function serveDesktop(socket: Socket, onKey: (keysym: number, down: boolean) => void): void {
  let state: 'version' | 'security' | 'init' | 'open' = 'version';
  let rest = Buffer.alloc(0);
  let drawn = false;
  socket.send(Buffer.from('RFB 003.008\n'));
  socket.onMessage = (data) => {
    rest = Buffer.concat([rest, Buffer.from(data)]);
    for (;;) {
      const used = step();
      if (used === 0) return;
      rest = rest.subarray(used);
    }
  };
  function step(): number {
    if (state === 'version') {
      if (rest.length < 12) return 0;
      state = 'security';
      socket.send(Buffer.from([1, 1]));
      return 12;
    }
    if (rest.length < 1) return 0;
    if (state === 'security') {
      state = 'init';
      socket.send(Buffer.from([0, 0, 0, 0]));
      return 1;
    }
    if (state === 'init') {
      state = 'open';
      const name = Buffer.from('desktop');
      const head = Buffer.alloc(24);
      head.writeUInt16BE(width, 0);
      head.writeUInt16BE(height, 2);
      head.set([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0], 4);
      head.writeUInt32BE(name.length, 20);
      socket.send(Buffer.concat([head, name]));
      return 1;
    }
    return message();
  }
  function message(): number {
    const kind = rest[0];
    const need = kind === 0 ? 20 : kind === 2 ? (rest.length < 4 ? 4 : 4 + 4 * rest.readUInt16BE(2)) : kind === 3 ? 10 : kind === 4 ? 8 : kind === 5 ? 6 : rest.length;
    if (rest.length < need) return 0;
    if (kind === 4) onKey(rest.readUInt32BE(4), rest[1] === 1);
    if (kind === 3 && !drawn) {
      drawn = true;
      const head = Buffer.alloc(16);
      head.writeUInt16BE(1, 2);
      head.writeUInt16BE(width, 8);
      head.writeUInt16BE(height, 10);
      socket.send(Buffer.concat([head, desktopPixels()]));
    }
    return need;
  }
}
