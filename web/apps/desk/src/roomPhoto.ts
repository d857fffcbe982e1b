// A photograph of the room is drawn anew before it leaves the page: smaller,
// and without what the file said of its place. The server does so again.

/** maxPhoto is what the server takes, in bytes (internal/gate/readiness). */
export const maxPhoto = 40 << 10;

const widths = [1024, 800, 640, 480];
const qualities = [0.7, 0.5, 0.35];

/** drawn makes a JPEG that is small enough; null if the picture cannot be made so small. */
export async function drawn(source: CanvasImageSource, width: number, height: number): Promise<Blob | null> {
  for (const most of widths) {
    const scale = Math.min(1, most / Math.max(width, height));
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height);
    for (const quality of qualities) {
      const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality });
      if (jpeg.size <= maxPhoto) return jpeg;
    }
  }
  return null;
}

/** drawnFile reads a file as a picture, upright as it was taken; null if it is none. */
export async function drawnFile(file: Blob): Promise<Blob | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture === null) return null;
  try {
    return await drawn(picture, picture.width, picture.height);
  } finally {
    picture.close();
  }
}

/** text is the bytes as base64url without padding. */
export async function text(blob: Blob | null): Promise<string> {
  if (blob === null) return '';
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
