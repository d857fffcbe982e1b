// What a browser can know of an output is its name, and no more: a name says what
// the maker or the system calls it, not what is on whose ears.

/** Wearing is what a device's name tells: worn on the ear, heard by the whole room, or nothing. */
export type Wearing = 'headset' | 'loudspeaker' | 'unknown';

const worn = /head ?(?:set|phone)|ear ?(?:phone|bud|piece)|hands-?free|airpods|jabra|plantronics|poly (?:blackwire|voyager)|epos|sennheiser|ヘッドセット|ヘッドホン|ヘッドフォン|イヤホン|イヤフォン/i;
const open = /speaker|スピーカー|hdmi|display ?audio|displayport|monitor|モニター|built-?in|内蔵|realtek|tv\b|soundbar/i;

/** wearingOf judges by the name. A speakerphone is a loudspeaker, whoever makes it. */
export function wearingOf(label: string): Wearing {
  const name = label.normalize('NFKC');
  if (worn.test(name) && !/speakerphone|スピーカーフォン|スピーカーホン/i.test(name)) return 'headset';
  if (open.test(name)) return 'loudspeaker';
  return 'unknown';
}

export type Device = { id: string; label: string; wearing: Wearing };
export type Devices = { inputs: Device[]; outputs: Device[] };

/** devicesOf sorts what enumerateDevices gives; headsets come first. */
export function devicesOf(found: readonly Pick<MediaDeviceInfo, 'deviceId' | 'kind' | 'label'>[]): Devices {
  const of = (kind: MediaDeviceKind): Device[] =>
    found
      .filter((d) => d.kind === kind && d.deviceId !== 'communications')
      .map((d) => ({ id: d.deviceId, label: d.label, wearing: wearingOf(d.label) }))
      .sort((a, b) => Number(b.wearing === 'headset') - Number(a.wearing === 'headset'));
  return { inputs: of('audioinput'), outputs: of('audiooutput') };
}

/** listDevices needs the microphone's permission for names. */
export async function listDevices(): Promise<Devices> {
  return devicesOf(await navigator.mediaDevices.enumerateDevices());
}

/** mayOpen applies the rule "headset only": what is called a loudspeaker is refused; of what has no telling name the operator says that he wears it. */
export function mayOpen(wearing: Wearing, said: boolean): boolean {
  return wearing === 'headset' || (wearing === 'unknown' && said);
}
