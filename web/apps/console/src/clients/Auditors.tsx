import { Button, Group, Text } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { clientKeys } from '../api/clientQueries';
import type { ClientFile } from '../api/clientViews';
import { Confirm } from '../parts/Confirm';
import { PlusIcon } from '../parts/icons';
import { PersonSelect } from '../parts/PersonSelect';
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
      <PersonSelect
        label={say('auditor.field')}
        role="auditor"
        fits={(one) => one.roles.length === 1 && !file.auditors.some((known) => known.id === one.id)}
        value={chosen}
        onChange={setChosen}
        none={say('auditor.empty')}
        required
        error={asked && chosen === '' ? say('auditor.missing') : undefined}
        autofocus
      />
    </Form>
  );
}
