import { Button, NumberInput, Stack, Table } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { recordingKeys, retentionQuery, Retention } from '../api/recordingQueries';
import { Answer } from '../parts/Answer';
import { asked } from '../parts/asks';
import { Confirm } from '../parts/Confirm';
import { Dialog } from '../parts/Dialog';
import { useAct } from '../parts/useAct';
import { recordingTexts } from './texts';

/** RetentionDialog says how long each client company's recordings are kept, and changes it. */
export function RetentionDialog({ onClose }: { onClose: () => void }) {
  const say = useTexts(recordingTexts);
  const kept = useQuery(retentionQuery);
  const [one, setOne] = useState<Retention | null>(null);
  const [waits, setWaits] = useState(false);
  if (one) return <Change retention={one} onAsked={() => setWaits(true)} onClose={() => setOne(null)} />;
  return (
    <Dialog title={say('retention')} size="lg" onClose={onClose}>
      <Stack gap="md">
        <p>{say('retention.lead')}</p>
        {waits && <p role="status">{say('asked')}</p>}
        <Answer query={kept}>
          {(answer) => (
            <Table aria-label={say('retention')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{say('client')}</Table.Th>
                  <Table.Th scope="col">{say('retention.days')}</Table.Th>
                  <Table.Th scope="col">{say('retention.change')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {answer.clients.map((client) => (
                  <Table.Tr key={client.client}>
                    <Table.Td>{client.name}</Table.Td>
                    <Table.Td className="sk-numbers">{client.days}</Table.Td>
                    <Table.Td>
                      <Button variant="default" size="compact-sm" aria-label={say('retention.of', { name: client.name })} onClick={() => setOne(client)}>
                        {say('retention.change')}
                      </Button>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Answer>
      </Stack>
    </Dialog>
  );
}

function Change({ retention, onAsked, onClose }: { retention: Retention; onAsked: () => void; onClose: () => void }) {
  const say = useTexts(recordingTexts);
  const [days, setDays] = useState<number | string>(retention.days);
  const [bad, setBad] = useState(false);
  const put = useAct((reason: string) => api.ask('PUT', `/recordings/retention/${encodeURIComponent(retention.client)}`, Retention, { days: Number(days), reason }), recordingKeys.retention);
  async function confirm(reason: string) {
    const wrong = !Number.isInteger(days) || Number(days) < 1 || Number(days) > 3650;
    setBad(wrong);
    if (wrong) return;
    try {
      await put.mutateAsync(reason);
    } catch (thrown) {
      if (!asked(thrown)) throw thrown;
      onAsked();
    }
    onClose();
  }
  return (
    <Confirm title={say('retention.of', { name: retention.name })} consequences={[say('retention.1'), say('retention.lead')]} action={say('retention.change')} reason="required" onConfirm={confirm} onClose={onClose} onDone={() => undefined}>
      <NumberInput label={say('retention.days')} value={days} onChange={setDays} min={1} max={3650} allowDecimal={false} hideControls error={bad ? say('retention.days.bad') : undefined} />
    </Confirm>
  );
}
