import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useEffect, useRef, useState } from 'react';
import { Level } from './PhoneBar';
import { MicrophoneError, openMeter, openMicrophone, stopMicrophone, type MicrophoneFault } from './microphone';
import { phoneTexts } from './phoneTexts';
import { heardOf, microphoneMS, networkMS, networkOf, sampleMS, type Heard, type Network } from './pretest';
import { outputOf, type Telephone } from './useTelephone';
import type { Figures } from './figures';
import type { Device } from './headset';

/** PhoneCheck is what is looked at before work: headset, microphone, line. */
export function PhoneCheck({ phone }: { phone: Telephone }) {
  return (
    <div className="dk-phone-check">
      <Headset phone={phone} />
      <MicrophoneTest input={phone.chosen.input} />
      <NetworkTest phone={phone} />
    </div>
  );
}

function Headset({ phone }: { phone: Telephone }) {
  const say = useTexts(phoneTexts);
  const { devices, chosen, choose } = phone;
  const wearing = outputOf(devices, chosen).wearing;
  const options = (list: Device[]) => [{ value: '', label: say('headset.default') }, ...list.filter((d) => d.id !== '' && d.id !== 'default').map((d) => ({ value: d.id, label: d.label }))];
  return (
    <section>
      <h2>{say('headset.title')}</h2>
      <p>{say('headset.rule')}</p>
      <p className="dk-small">{say('headset.honest')}</p>
      {devices && (
        <>
          <NativeSelect label={say('headset.input')} data={options(devices.inputs)} value={chosen.input} onChange={(e) => choose({ input: e.currentTarget.value })} />
          <NativeSelect label={say('headset.output')} data={options(devices.outputs)} value={chosen.output} onChange={(e) => choose({ output: e.currentTarget.value })} />
        </>
      )}
      {wearing === 'loudspeaker' && <p role="alert">{say('headset.loudspeaker')}</p>}
      {wearing === 'unknown' && devices && <Checkbox label={say('headset.said')} checked={chosen.said} onChange={(e) => choose({ said: e.currentTarget.checked })} />}
    </section>
  );
}

type Trial = { kind: 'idle' } | { kind: 'running' } | { kind: 'done'; heard: Heard } | { kind: 'fault'; why: MicrophoneFault };

function MicrophoneTest({ input }: { input: string }) {
  const say = useTexts(phoneTexts);
  const [trial, setTrial] = useState<Trial>({ kind: 'idle' });
  const [level, setLevel] = useState(0);
  const running = trial.kind === 'running';
  useEffect(() => {
    if (!running) return;
    let over = false;
    let end = () => {};
    openMicrophone(input).then(
      (stream) => {
        if (over) return stopMicrophone(stream);
        const meter = openMeter(stream);
        const levels: number[] = [];
        const timer = setInterval(() => {
          levels.push(meter.level());
          setLevel(levels.at(-1) ?? 0);
          if (levels.length * 100 >= microphoneMS) setTrial({ kind: 'done', heard: heardOf(levels) });
        }, 100);
        end = () => {
          clearInterval(timer);
          meter.close();
          stopMicrophone(stream);
          setLevel(0);
        };
      },
      (thrown: unknown) => {
        if (!over) setTrial({ kind: 'fault', why: thrown instanceof MicrophoneError ? thrown.why : 'other' });
      },
    );
    return () => {
      over = true;
      end();
    };
  }, [running, input]);
  return (
    <section>
      <h2>{say('test.mic')}</h2>
      <p>{say('test.mic.do')}</p>
      <Level label={say('level')} level={level} />
      <p role="status">
        {running && say('test.mic.running')}
        {trial.kind === 'done' && say(`test.mic.${trial.heard}`)}
        {trial.kind === 'fault' && say(`silent.${trial.why}`)}
      </p>
      <Button variant="default" disabled={running} onClick={() => setTrial({ kind: 'running' })}>
        {say('test.mic.start')}
      </Button>
    </section>
  );
}

type Measured = { kind: 'idle' } | { kind: 'running' } | { kind: 'done'; network: Network | null };

function NetworkTest({ phone }: { phone: Telephone }) {
  const say = useTexts(phoneTexts);
  const [measured, setMeasured] = useState<Measured>({ kind: 'idle' });
  const measure = useRef(phone.measure);
  measure.current = phone.measure;
  const open = phone.state.kind === 'open';
  const running = measured.kind === 'running';
  useEffect(() => {
    if (!running) return;
    const samples: Figures[] = [];
    const timer = setInterval(() => {
      void measure.current().then((f) => {
        samples.push(f);
        if (samples.length * sampleMS >= networkMS) setMeasured({ kind: 'done', network: networkOf(samples) });
      });
    }, sampleMS);
    return () => clearInterval(timer);
  }, [running]);
  return (
    <section>
      <h2>{say('test.net')}</h2>
      <p>{say('test.net.do')}</p>
      <div role="status">
        {running && <p>{say('test.net.running')}</p>}
        {measured.kind === 'done' && (measured.network ? <Found network={measured.network} /> : <p>{say('test.net.none')}</p>)}
      </div>
      <Button variant="default" disabled={!open || running} onClick={() => setMeasured({ kind: 'running' })}>
        {say('test.net.start')}
      </Button>
    </section>
  );
}

function Found({ network }: { network: Network }) {
  const say = useTexts(phoneTexts);
  return (
    <>
      <p>{say(`test.net.${network.grade}`)}</p>
      <dl className="sk-numbers">
        <dt>{say('test.net.trip')}</dt>
        <dd>{Math.round(network.tripMS)} ms</dd>
        <dt>{say('test.net.jitter')}</dt>
        <dd>{Math.round(network.jitterMS)} ms</dd>
        <dt>{say('test.net.lost')}</dt>
        <dd>{(100 * network.lost).toFixed(1)} %</dd>
        <dt>{say('test.net.mos')}</dt>
        <dd>{network.mos.toFixed(1)}</dd>
      </dl>
    </>
  );
}
