import { useTexts } from '@sekisho/ui/language';
import type { Listening, RecordingMark } from '../api/recordingQueries';
import { recordingTexts } from './texts';

const width = 600; // of the drawing, which the page stretches
const half = 40; // height of a side

/** Wave draws both sides with what is silent in them; a list below says the same in words. */
export function Wave({ opened, marks, at }: { opened: Listening; marks: RecordingMark[]; at: number }) {
  const say = useTexts(recordingTexts);
  const x = (seconds: number) => (opened.seconds === 0 ? 0 : (seconds / opened.seconds) * width);
  return (
    <div className="co-wave">
      <svg viewBox={`0 0 ${width} ${4 * half}`} preserveAspectRatio="none" role="img" aria-label={say('wave')}>
        {marks.map((mark, n) => (
          <rect key={n} className="co-wave-mark" data-kind={mark.kind} x={x(mark.start)} width={Math.max(1, x(mark.end) - x(mark.start))} y={0} height={mark.kind === 'mask' ? 2 * half : 4 * half} />
        ))}
        <path d={outline(opened.caller, half)} />
        <path d={outline(opened.centre, 3 * half)} />
        <line className="co-wave-at" x1={x(at)} x2={x(at)} y1={0} y2={4 * half} />
      </svg>
      <span>{say('caller')}</span>
      <span>{say('centre')}</span>
    </div>
  );
}

/** outline draws lowest and highest by turns around a line. */
function outline(peaks: number[], middle: number): string {
  const columns = peaks.length / 2;
  const y = (peak: number) => (middle - (peak / 128) * (half - 2)).toFixed(1);
  let path = '';
  for (let n = 0; n < columns; n++) {
    const x = (((n + 0.5) * width) / columns).toFixed(1);
    path += `M${x} ${y(peaks[2 * n]! - 0.5)}V${y(peaks[2 * n + 1]! + 0.5)}`;
  }
  return path;
}
