import { useEffect, useRef, useState } from 'react';
import { sound } from '../api/flowQueries';

/** usePlayer plays one announcement at a time, as callers hear it. */
export function usePlayer() {
  const source = useRef<{ context: AudioContext; node: AudioBufferSourceNode } | null>(null);
  const [playing, setPlaying] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  function stop() {
    const one = source.current;
    source.current = null;
    setPlaying('');
    if (one === null) return;
    one.node.onended = null;
    one.node.stop();
    void one.context.close();
  }
  async function play(id: string, language: string) {
    stop();
    setFailure(null);
    const context = new AudioContext(); // made at the press: a browser allows sound then
    try {
      const buffer = await context.decodeAudioData(await sound(`/prompts/${id}/sound?language=${language}`));
      const node = new AudioBufferSourceNode(context, { buffer });
      node.connect(context.destination);
      node.onended = stop;
      source.current = { context, node };
      setPlaying(`${id} ${language}`);
      node.start();
    } catch (thrown) {
      setFailure(thrown);
      void context.close();
    }
  }
  useEffect(
    () => () => {
      source.current?.node.stop();
      void source.current?.context.close();
    },
    [],
  );
  return { playing, failure, play, stop };
}
