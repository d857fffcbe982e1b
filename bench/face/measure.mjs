// Measures pictures and clips with the page's own code, outside a browser.
// Reads {"file","fps"} from stdin, one JSON a line (fps 0: a picture), and
// writes {"file","at","frame"} for each frame: a wire.Frame with everything measured.
//
//   node bench/face/measure.mjs --models DIR [--engine demo]

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { pipeline } from './bundle.mjs';

const { values: o } = parseArgs({ options: { models: { type: 'string' }, engine: { type: 'string', default: 'standard' } } });
const p = await pipeline(o.engine, o.models);

/** frames decodes a file with ffmpeg to PAM pictures of at most 640 pixels a row. */
async function* frames({ file, fps }) {
  const filter = [...(fps ? [`fps=${fps}`] : []), "scale='min(640,iw)':-2"].join(',');
  const rate = file.endsWith('.mjpeg') ? ['-framerate', '30'] : []; // a bare stream carries no rate
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', ...rate, '-i', file, '-vf', filter, ...(fps ? [] : ['-frames:v', '1']), '-f', 'image2pipe', '-c:v', 'pam', '-pix_fmt', 'rgba', '-'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let buffer = Buffer.alloc(0);
  for await (const chunk of ffmpeg.stdout) {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf('ENDHDR\n');
      if (end < 0) break;
      const header = buffer.subarray(0, end).toString();
      const width = +/WIDTH (\d+)/.exec(header)[1];
      const height = +/HEIGHT (\d+)/.exec(header)[1];
      const size = width * height * 4;
      if (buffer.length < end + 7 + size) break;
      yield { data: new Uint8Array(buffer.subarray(end + 7, end + 7 + size)), width, height };
      buffer = buffer.subarray(end + 7 + size);
    }
  }
}

let id = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  const light = new p.Brightness();
  let n = 0;
  for await (const shot of frames(job)) {
    const began = performance.now();
    const faces = await p.measureFaces(p.nets, shot, await p.nets.detect(shot), { embed: true, live: true });
    const frame = {
      id: ++id, age_ms: 0, width: shot.width, height: shot.height, faces, ...light.measure(shot),
      muted: false, hidden: false, camera: '', took_ms: performance.now() - began, nonce: '',
    };
    process.stdout.write(`${JSON.stringify({ file: job.file, at: job.fps ? n / job.fps : 0, frame })}\n`);
    n++;
  }
  process.stdout.write(`${JSON.stringify({ file: job.file, done: true })}\n`);
}
