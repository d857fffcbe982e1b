import { Button, Group } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { elapsed } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../api/client';
import { Listening, recordingKeys, type RecordingDetail } from '../api/recordingQueries';
import { useAct } from '../parts/useAct';
import { Playback } from './sound';
import { recordingTexts } from './texts';
import { Wave } from './Wave';

/** Player opens a recording, which the log has first, and plays it. */
export function Player({ recording }: { recording: RecordingDetail }) {
  const say = useTexts(recordingTexts);
  const open = useAct(() => api.ask('POST', `/recordings/${encodeURIComponent(recording.id)}/listen`, Listening), recordingKeys.one);
  return (
    <section className="co-block" aria-labelledby="play">
      <h2 id="play">{say('play')}</h2>
      {open.data ? (
        <Opened recording={recording} opened={open.data} />
      ) : (
        <>
          <p>{say('open.log')}</p>
          <Button loading={open.isPending} onClick={() => open.mutate(undefined)}>
            {say('open')}
          </Button>
        </>
      )}
      {open.isError && <ProblemNotice problem={problemOf(open.error)} />}
      <p className="co-quiet">{say('honest')}</p>
    </section>
  );
}

function Opened({ recording, opened }: { recording: RecordingDetail; opened: Listening }) {
  const say = useTexts(recordingTexts);
  const playback = useMemo(() => new Playback(opened.listening, opened.seconds), [opened]);
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const run = useRef(0);
  useEffect(() => () => playback.close(), [playback]);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => setAt(playback.at()), 200);
    return () => clearInterval(timer);
  }, [playing, playback]);

  async function play(from: number) {
    const mine = ++run.current;
    setFailure(null);
    setPlaying(true);
    try {
      await playback.play(from >= opened.seconds ? 0 : from);
    } catch (thrown) {
      playback.stop();
      setFailure(thrown);
    }
    if (mine === run.current) setPlaying(false);
  }

  function stop() {
    run.current++;
    setAt(playback.at());
    playback.stop();
    setPlaying(false);
  }

  function seek(to: number) {
    setAt(to);
    if (playing) void play(to);
  }

  const clock = `${elapsed(at * 1000)} / ${elapsed(opened.seconds * 1000)}`;
  return (
    <>
      <Wave opened={opened} marks={recording.marks} at={at} />
      <input className="co-seek" type="range" min={0} max={Math.max(1, Math.floor(opened.seconds))} step={1} value={Math.floor(at)} aria-label={say('at')} aria-valuetext={clock} onChange={(event) => seek(Number(event.currentTarget.value))} />
      <Group gap="md">
        <Button onClick={() => (playing ? stop() : void play(at))}>{say(playing ? 'stop' : 'play')}</Button>
        <span className="sk-numbers">{clock}</span>
      </Group>
      {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
    </>
  );
}
