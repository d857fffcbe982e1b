import { Button, Group, Stack } from '@mantine/core';
import { CheckIcon, WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { disasterQuery, type Disaster, type Widening } from '../api/disasterQueries';
import { keys, sessionQuery } from '../api/queries';
import { Answer } from '../parts/Answer';
import { Confirm } from '../parts/Confirm';
import { Facts } from '../parts/Facts';
import { PageHead } from '../parts/PageHead';
import { useAct } from '../parts/useAct';
import { AgreeForm } from './AgreeForm';
import { DeclareForm } from './DeclareForm';
import { disasterTexts } from './texts';

/** DisasterPage is 災害モード: whether it is on, how to begin and end it, and what was agreed on. */
export function DisasterPage() {
  const say = useTexts(disasterTexts);
  const session = useQuery(sessionQuery);
  const disaster = useQuery(disasterQuery);
  const [form, setForm] = useState<'' | 'declare' | 'agree' | 'end'>('');
  const [done, setDone] = useState('');
  const end = useAct(() => api.tell('POST', '/disaster/end', {}), keys.disaster);
  const roles = session.data?.person?.roles ?? [];
  const manages = roles.includes('administrator');
  const declares = manages || roles.includes('officer');
  const close = () => setForm('');
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')} />
      <div role="status">
        {done !== '' && (
          <p className="co-note" data-tone="open">
            <CheckIcon size={18} />
            <span>{done}</span>
          </p>
        )}
      </div>
      <Answer query={disaster}>
        {(now) => (
          <>
            <section className="co-block" aria-labelledby="disaster-now">
              <Stack gap="md">
                <h2 id="disaster-now">{say(now.on ? 'on' : 'off')}</h2>
                {now.on && <InForce disaster={now} />}
                <Group>
                  {now.on && (declares || roles.includes('supervisor')) && (
                    <Button color="beni" onClick={() => setForm('end')}>
                      {say('end')}
                    </Button>
                  )}
                  {!now.on && declares && now.widenings.length > 0 && <Button onClick={() => setForm('declare')}>{say('declare')}</Button>}
                </Group>
                {!now.on && declares && now.widenings.length === 0 && (
                  <p className="co-note" data-tone="attention">
                    <WarnIcon size={18} />
                    <span>{say('declare.none')}</span>
                  </p>
                )}
              </Stack>
            </section>
            <Widenings widenings={now.widenings} manages={manages} onAgree={() => setForm('agree')} onDone={setDone} />
            {form === 'declare' && <DeclareForm widenings={now.widenings} onAsked={() => setDone(say('asked.declare'))} onClose={close} />}
          </>
        )}
      </Answer>
      {form === 'agree' && <AgreeForm onAsked={() => setDone(say('asked.agree'))} onClose={close} />}
      {form === 'end' && (
        <Confirm
          title={say('end.title')}
          consequences={[say('end.1')]}
          action={say('end')}
          danger
          reason="none"
          onConfirm={() => end.mutateAsync(undefined)}
          onDone={() => {
            setDone(say('ended'));
            close();
          }}
          onClose={close}
        />
      )}
    </>
  );
}

function InForce({ disaster }: { disaster: Disaster }) {
  const say = useTexts(disasterTexts);
  const { language } = useLanguage();
  const time = (at: string | null) => (at === null ? '' : dateTime(at, language));
  return (
    <Facts
      facts={[
        { label: say('announcement'), value: disaster.announcement },
        { label: say('reason'), value: disaster.reason },
        { label: say('widening'), value: disaster.name },
        { label: say('author'), value: disaster.author },
        { label: say('begins'), value: time(disaster.begins) },
        { label: say('ends'), value: time(disaster.ends) },
      ]}
    />
  );
}

function Widenings({ widenings, manages, onAgree, onDone }: { widenings: Widening[]; manages: boolean; onAgree: () => void; onDone: (words: string) => void }) {
  const say = useTexts(disasterTexts);
  const { language } = useLanguage();
  const [dropping, setDropping] = useState<Widening | null>(null);
  const drop = useAct((one: string) => api.tell('DELETE', `/disaster/widenings/${encodeURIComponent(one)}`), keys.disaster);
  return (
    <section className="co-block" aria-labelledby="widenings">
      <Stack gap="md">
        <h2 id="widenings">{say('widenings')}</h2>
        {widenings.length === 0 && <p className="co-quiet">{say('widenings.none')}</p>}
        {widenings.map((one) => (
          <div key={one.id}>
            <Group justify="space-between">
              <h3>{one.name}</h3>
              {manages && (
                <Button variant="default" size="compact-md" onClick={() => setDropping(one)} aria-label={say('drop.of', { name: one.name })}>
                  {say('drop')}
                </Button>
              )}
            </Group>
            <p>
              {say('agreed')}: {one.agreed === null ? '—' : dateTime(one.agreed, language)}（{one.author}）
            </p>
            <pre className="co-policy-text">{one.text}</pre>
          </div>
        ))}
        {manages && (
          <Group>
            <Button variant="default" onClick={onAgree}>
              {say('agree')}
            </Button>
          </Group>
        )}
      </Stack>
      {dropping && (
        <Confirm
          title={say('drop.title', { name: dropping.name })}
          consequences={[say('drop.1')]}
          action={say('drop')}
          danger
          reason="none"
          onConfirm={() => drop.mutateAsync(dropping.id)}
          onDone={() => {
            onDone(say('dropped'));
            setDropping(null);
          }}
          onClose={() => setDropping(null)}
        />
      )}
    </section>
  );
}
