import type { Language } from './language';

// The house works in Japan: times are shown in Japan's zone and say so.
const zone = 'Asia/Tokyo';

const locales = { ja: 'ja-JP', en: 'en-GB' } as const;

/** dateTime writes an RFC 3339 instant as a person reads it, with seconds. */
export function dateTime(instant: string, language: Language): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(locales[language], {
    timeZone: zone,
    year: 'numeric',
    month: language === 'ja' ? 'numeric' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(date);
}

/** day writes the date alone. */
export function day(instant: string, language: Language): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(locales[language], { timeZone: zone, year: 'numeric', month: language === 'ja' ? 'numeric' : 'short', day: 'numeric' }).format(date);
}

/** elapsed writes a length of time as h:mm:ss or m:ss; what lies in the future is zero. */
export function elapsed(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
