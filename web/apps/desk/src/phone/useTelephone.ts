import { LineAnswer, type LineOffer } from '@sekisho/wire/phone';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useWorkplace } from '../place';
import { hearReplaced } from './events';
import { noFigures, type Figures } from './figures';
import { listDevices, mayOpen, type Device, type Devices } from './headset';
import { Line, type LineState } from './line';
import { MicrophoneError, openMicrophone, stopMicrophone } from './microphone';

const figuresMS = 500;

export type Chosen = { input: string; output: string; said: boolean };

export type Telephone = {
  state: LineState;
  figures: Figures;
  muted: boolean;
  devices: Devices | null; // null: their names are not known yet
  chosen: Chosen;
  /** asks: the headset has to be looked at before the line may open. */
  asks: boolean;
  choose(change: Partial<Chosen>): void;
  open(): void;
  close(): void;
  mute(muted: boolean): void;
  measure(): Promise<Figures>;
};

/** outputOf is the device that the far end is heard on; "as this PC is set" is the one that the system names first. */
export function outputOf(devices: Devices | null, chosen: Chosen): Device {
  const named = chosen.output === '' ? ['default', ''] : [chosen.output];
  return devices?.outputs.find((d) => named.includes(d.id)) ?? { id: '', label: '', wearing: 'unknown' };
}

/** stillThere is what was chosen, without what has been pulled out: another device is another question. */
export function stillThere(devices: Devices, chosen: Chosen): Chosen {
  const gone = chosen.output !== '' && !devices.outputs.some((d) => d.id === chosen.output);
  return gone ? { ...chosen, output: '', said: false } : chosen;
}

/** useTelephone holds the one line of this page, for as long as the screen of work stands. */
export function useTelephone(): Telephone {
  const workplace = useWorkplace();
  const [state, setState] = useState<LineState>({ kind: 'closed' });
  const [figures, setFigures] = useState(noFigures);
  const [muted, setMuted] = useState(false);
  const [devices, setDevices] = useState<Devices | null>(null);
  const [chosen, setChosen] = useState<Chosen>(workplace.telephone.chosen);
  const [asks, setAsks] = useState(false);
  const audio = useRef<HTMLAudioElement | null>(null);

  const line = useMemo(
    () =>
      new Line({
        relay: () => workplace.relay(),
        answer: (offer) => workplace.desk.ask('POST', 'calls/line', LineAnswer, { offer } satisfies LineOffer),
        told: setState,
        heard(stream) {
          audio.current ??= new Audio();
          audio.current.srcObject = stream;
          void audio.current.play().catch(() => undefined); // the press that opened the line allows it
        },
      }),
    [workplace],
  );
  useEffect(
    () => () => {
      line.close();
      if (audio.current) audio.current.srcObject = null;
    },
    [line],
  );
  useEffect(
    () =>
      hearReplaced({
        url: `${window.location.origin.replace(/^http/, 'ws')}/api/desk/v1/events`,
        firstMessage: () => workplace.bearerMessage(),
        told: (id) => line.replaced(id),
      }),
    [line, workplace],
  );
  const live = state.kind === 'open';
  useEffect(() => {
    if (!live) return setFigures(noFigures);
    const timer = setInterval(() => void line.figures().then(setFigures), figuresMS);
    return () => clearInterval(timer);
  }, [line, live]);
  useEffect(() => {
    const look = () =>
      void listDevices().then((found) => {
        setDevices((known) => known && found);
        setChosen((was) => stillThere(found, was));
      });
    navigator.mediaDevices?.addEventListener('devicechange', look);
    return () => navigator.mediaDevices?.removeEventListener('devicechange', look);
  }, []);

  useEffect(() => {
    workplace.telephone.chosen = chosen;
  }, [workplace, chosen]);
  useEffect(() => {
    if (state.kind === 'elsewhere') workplace.telephone.open = false;
  }, [workplace, state.kind]);

  const worn = devices === null || mayOpen(outputOf(devices, chosen).wearing, chosen.said);
  useEffect(() => {
    if (worn) return;
    line.close(); // the headset was pulled out: the voice must not go on into the room
    setAsks(true);
  }, [line, worn]);

  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);

  /** open asks after each wait whether the screen is still there: no microphone opens behind a black one. */
  async function open(): Promise<void> {
    let known = devices;
    let now = chosen;
    if (!known) {
      const stream = await openMicrophone(''); // names are told to whom the microphone is allowed
      known = await listDevices();
      stopMicrophone(stream);
      if (gone.current) return;
      const best = (list: Device[]) => list.find((d) => d.wearing === 'headset')?.id ?? '';
      now = stillThere(known, { ...chosen, input: chosen.input || best(known.inputs), output: chosen.output || best(known.outputs) });
      setDevices(known);
      setChosen(now);
    }
    const allowed = mayOpen(outputOf(known, now).wearing, now.said);
    setAsks(!allowed);
    if (!allowed) return;
    workplace.telephone.open = true;
    audio.current ??= new Audio();
    try {
      if ('setSinkId' in audio.current) await audio.current.setSinkId(now.output);
    } catch {
      return setAsks(true); // it is gone, and the PC's own would be another one
    }
    if (gone.current) return;
    await line.open(now.input);
  }

  const begin = () => void open().catch((thrown: unknown) => setState({ kind: 'silent', why: thrown instanceof MicrophoneError ? thrown.why : 'other' }));
  useEffect(() => {
    if (workplace.telephone.open) begin(); // the screen was black, and is open again
    // Once, when the screen of work opens.
  }, [workplace]);

  return {
    state,
    figures,
    muted,
    devices,
    chosen,
    asks,
    choose(change) {
      setChosen((old) => ({ ...old, said: 'output' in change ? false : old.said, ...change }));
      if (state.kind !== 'closed' && ('input' in change || 'output' in change)) line.close(); // it is opened anew with what was chosen
    },
    open: begin,
    close() {
      workplace.telephone.open = false;
      line.close();
    },
    mute(on) {
      line.mute(on);
      setMuted(on);
    },
    measure: () => line.figures(),
  };
}
