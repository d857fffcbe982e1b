import { Button } from '@mantine/core';
import { useTexts, type Say } from '@sekisho/ui/language';
import { useEffect, useRef, useState } from 'react';
import { gradeOf } from './figures';
import type { LineState } from './line';
import { PhoneCheck } from './PhoneCheck';
import { phoneTexts } from './phoneTexts';
import { useTelephone } from './useTelephone';
import './phone.css';

/** PhoneBar is the operator's telephone in one line: its state, its sound, and what can be pressed. */
export function PhoneBar() {
  const say = useTexts(phoneTexts);
  const phone = useTelephone();
  const [checking, setChecking] = useState(false);
  const { state, figures, muted, asks } = phone;
  const running = state.kind === 'opening' || state.kind === 'open' || state.kind === 'again';
  const asked = useRef(false); // the headset's question opened the check, and its answer closes it
  useEffect(() => {
    if (!asks) return;
    asked.current = true;
    setChecking(true);
  }, [asks]);
  useEffect(() => {
    if (state.kind !== 'open' || !asked.current) return;
    asked.current = false;
    setChecking(false);
  }, [state.kind]);
  return (
    <section className="dk-phone" aria-label={say('label')} data-state={state.kind}>
      <div className="dk-phone-bar">
        <p role="status">{muted && state.kind === 'open' ? say('state.muted') : asks && state.kind === 'closed' ? say('headset.choose') : wordsOf(say, state)}</p>
        {state.kind === 'open' && (
          <>
            <Level label={say('level')} level={muted ? 0 : figures.microphone} />
            {figures.mos !== null && <span className="sk-numbers">{say('quality', { mos: figures.mos.toFixed(1), grade: say(`grade.${gradeOf(figures.mos)}`) })}</span>}
            <Button variant={muted ? 'filled' : 'default'} size="compact-md" aria-pressed={muted} onClick={() => phone.mute(!muted)}>
              {say(muted ? 'unmute' : 'mute')}
            </Button>
          </>
        )}
        <span className="dk-phone-end">
          <Button variant="subtle" color="gray" size="compact-md" aria-expanded={checking} onClick={() => setChecking(!checking)}>
            {say(checking ? 'check.close' : 'check')}
          </Button>
          {running ? (
            <Button variant="default" size="compact-md" onClick={phone.close}>
              {say('close')}
            </Button>
          ) : (
            <Button size="compact-md" onClick={phone.open}>
              {say('open')}
            </Button>
          )}
        </span>
      </div>
      {checking && <PhoneCheck phone={phone} />}
    </section>
  );
}

/** wordsOf says the state, and what to do where something stands in the way. */
function wordsOf(say: Say<keyof typeof phoneTexts.messages & string>, state: LineState): string {
  switch (state.kind) {
    case 'silent':
      return say(`silent.${state.why}`);
    case 'failed':
      return `${state.problem.title} ${state.problem.action}`.trim() || say('state.failed');
    default:
      return say(`state.${state.kind}`);
  }
}

/** Level is a meter from 0 to 1. */
export function Level({ label, level }: { label: string; level: number }) {
  const percent = Math.round(100 * Math.min(1, Math.max(0, level)));
  return (
    <span className="dk-level" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect width={percent} height="8" />
      </svg>
    </span>
  );
}
