// The picture of the desktop for the sealed record must show what was on the
// screen when it closed, and closing may not wait for it. So the canvas is
// copied (1-3 ms) before the tree is unmounted, and encoded only if the agent
// asks. The copy lives in memory, never in the document, and not for long.

/** How long a copy is kept if nobody asks for it. */
const keepMS = 10_000;

/** Larger screens are scaled down to this width: text stays readable. */
const maxWidth = 1920;

/** The agent takes pictures of at most 2 MiB; a busy screen is encoded more coarsely until it fits. */
const maxBytes = 2 << 20;
const qualities = [0.8, 0.6, 0.4, 0.2];

export type ShotSource = () => HTMLCanvasElement | null;

export type Shots = {
  /** from names the canvas that is on the screen now; null when none is. */
  from(source: ShotSource | null): void;
  /** take copies it; cheap when nothing is shown. */
  take(): void;
  /** jpeg encodes the copy, or what is shown now, and drops the copy. */
  jpeg(): Promise<Blob | null>;
  drop(): void;
};

export function createShots(): Shots {
  let source: ShotSource | null = null;
  let copy: OffscreenCanvas | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function take(): void {
    const canvas = source?.() ?? null;
    if (!canvas || canvas.width === 0 || canvas.height === 0) return;
    const scale = Math.min(1, maxWidth / canvas.width);
    copy = new OffscreenCanvas(Math.round(canvas.width * scale), Math.round(canvas.height * scale));
    copy.getContext('2d')?.drawImage(canvas, 0, 0, copy.width, copy.height);
    clearTimeout(timer);
    timer = setTimeout(drop, keepMS);
  }

  function drop(): void {
    clearTimeout(timer);
    copy = null;
  }

  return {
    from(next) {
      source = next;
    },
    take,
    async jpeg() {
      if (!copy) take();
      const taken = copy;
      drop();
      return taken ? encode(taken) : null;
    },
    drop,
  };
}

async function encode(canvas: OffscreenCanvas): Promise<Blob | null> {
  for (const quality of qualities) {
    const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    if (jpeg.size <= maxBytes) return jpeg;
  }
  return null;
}
