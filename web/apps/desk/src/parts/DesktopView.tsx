import { Button, Loader } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { DeskDesktop } from '@sekisho/wire/desk';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { openStream, type DesktopStream } from '../desktopStream';
import { useWorkplace } from '../place';
import { workTexts } from '../workTexts';

const retryMS = [1000, 3000, 6000];

export type DesktopViewProps = { desktop: DeskDesktop; covered: boolean };

/**
 * DesktopView mounts one virtual desktop. Unmounting it takes canvas, socket
 * and keyboard with it; nothing of the desktop outlives this component.
 */
export function DesktopView({ desktop, covered }: DesktopViewProps) {
  const say = useTexts(workTexts);
  const workplace = useWorkplace();
  const target = useRef<HTMLDivElement>(null);
  const stream = useRef<DesktopStream | null>(null);
  const leave = useRef<HTMLButtonElement>(null);
  const [state, setState] = useState<'opening' | 'drawn' | 'lost'>('opening');
  const [tries, setTries] = useState(0);
  const label = say('desktop.label', { name: desktop.name });

  // A layout effect, so that leaving happens in the very commit that unmounts.
  useLayoutEffect(() => {
    const element = target.current;
    if (!element) return;
    setState('opening');
    const opened = openStream({
      target: element,
      url: `${window.location.origin.replace(/^http/, 'ws')}/api/desk/v1/desktops/${encodeURIComponent(desktop.id)}/stream`,
      firstMessage: workplace.bearerMessage(),
      label,
      handlers: {
        drawn: () => {
          setState('drawn');
          opened.enter();
        },
        lost: () => setState('lost'),
        left: () => leave.current?.focus(),
      },
    });
    stream.current = opened;
    workplace.shots.from(() => opened.canvas());
    return () => {
      workplace.shots.from(null);
      stream.current = null;
      opened.close();
    };
    // The label may change with the language; that is no reason to open anew.
  }, [desktop.id, tries, workplace]);

  useEffect(() => {
    if (state !== 'lost') return;
    const wait = retryMS[Math.min(tries, retryMS.length - 1)];
    const timer = setTimeout(() => setTries((n) => n + 1), wait);
    return () => clearTimeout(timer);
  }, [state, tries]);

  return (
    <div className="dk-desktop" inert={covered}>
      <div className="dk-desktop-bar">
        <Button ref={leave} variant="default" size="compact-sm" disabled={state !== 'drawn'} onClick={() => stream.current?.enter()}>
          {say('desktop.enter')}
        </Button>
        <span className="dk-desktop-hint">{say('desktop.leave')}</span>
        <Button variant="subtle" color="gray" className="dk-desktop-keys" size="compact-sm" disabled={state !== 'drawn'} onClick={() => stream.current?.ctrlAltDel()}>
          {say('desktop.cad')}
        </Button>
      </div>
      <div className="dk-desktop-area">
        <div ref={target} className="dk-desktop-screen" data-desktop={desktop.id} data-state={state} />
        {state === 'opening' && (
          <div className="dk-desktop-note" role="status">
            <Loader size="sm" color="gray.4" />
            <p>{say('desktop.opening')}</p>
          </div>
        )}
        {state === 'lost' && (
          <div className="dk-desktop-note" role="alert">
            <p className="dk-strong">{say('desktop.lost')}</p>
            <p>{say('desktop.lost.do')}</p>
            <Button onClick={() => setTries(tries + 1)}>{say('desktop.again')}</Button>
          </div>
        )}
      </div>
    </div>
  );
}
