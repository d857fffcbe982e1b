import { Button, Group, Select, Text } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { clientKeys } from '../api/clientQueries';
import type { ClientFile } from '../api/clientViews';
import { peopleQuery } from '../api/queries';
import { Answer } from '../parts/Answer';
import { Confirm } from '../parts/Confirm';
import { PlusIcon } from '../parts/icons';
import { useAct } from '../parts/useAct';
import { Form } from './Form';
import { clientTexts } from './texts';

/** Auditors are the accounts by which a client looks for itself. */
export function Auditors({ file, may }: { file: ClientFile; may: boolean }) {
  const say = useTexts(clientTexts);
  const [adding, setAdding] = useState(false);
  const [releasing, setReleasing] = useState<{ id: string; name: string } | null>(null);
  const release = useAct((id: string) => api.tell('DELETE', `/clients/${encodeURIComponent(file.client.id)}/auditors/${encodeURIComponent(id)}`), clientKeys.clients);
  return (
    <section className="co-block" aria-labelledby="auditors">
      <Group justify="space-between" mb="sm">
        <h2 id="auditors">{say('auditors')}</h2>
        {may && (
          <Button variant="default" size="compact-md" leftSection={<PlusIcon size={18} />} onClick={() => setAdding(true)}>
            {say('auditor.add')}
          </Button>
        )}
      </Group>
      {file.auditors.length === 0 ? (
        <p className="co-quiet">{say('auditors.none')}</p>
      ) : (
        <ul className="co-viewers">
          {file.auditors.map((one) => (
            <li key={one.id}>
              <Group gap="sm">
                <span>{one.name}</span>
                {may && (
                  <Button variant="default" size="compact-sm" onClick={() => setReleasing(one)} aria-label={say('auditor.release.of', { name: one.name })}>
                    {say('auditor.release')}
                  </Button>
                )}
              </Group>
            </li>
          ))}
        </ul>
      )}
      {adding && <AuditorForm file={file} onClose={() => setAdding(false)} />}
      {releasing && (
        <Confirm
          title={say('auditor.release.title', { name: releasing.name })}
          consequences={[say('auditor.release.1')]}
          action={say('auditor.release')}
          danger
          reason="none"
          onConfirm={() => release.mutateAsync(releasing.id)}
          onClose={() => setReleasing(null)}
        />
      )}
    </section>
  );
}

function AuditorForm({ file, onClose }: { file: ClientFile; onClose: () => void }) {
  const say = useTexts(clientTexts);
  const people = useQuery(peopleQuery);
  const [chosen, setChosen] = useState('');
  const [asked, setAsked] = useState(false);
  const bind = useAct((id: string) => api.tell('PUT', `/clients/${encodeURIComponent(file.client.id)}/auditors/${encodeURIComponent(id)}`), clientKeys.clients);
  return (
    <Form
      title={say('auditor.add')}
      action={say('add')}
      ready={() => {
        setAsked(true);
        return chosen !== '';
      }}
      onSubmit={() => bind.mutateAsync(chosen)}
      onClose={onClose}
    >
      <Text size="sm">{say('auditors.help')}</Text>
      <Answer query={people}>
        {(answer) => {
          const some = answer.people.filter((one) => one.active && one.roles.length === 1 && one.roles[0] === 'auditor' && !file.auditors.some((known) => known.id === one.id));
          if (some.length === 0) return <p className="co-nothing">{say('auditor.empty')}</p>;
          return (
            <Select
              label={say('auditor.field')}
              data={some.map((one) => ({ value: one.id, label: one.name }))}
              value={chosen}
              onChange={(value) => setChosen(value ?? '')}
              searchable
              required
              error={asked && chosen === '' ? say('auditor.missing') : undefined}
              data-autofocus
            />
          );
        }}
      </Answer>
    </Form>
  );
}
