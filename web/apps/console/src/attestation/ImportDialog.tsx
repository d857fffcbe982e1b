import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { CheckIcon, WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { Imported } from '../api/views';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { base64url } from './list';
import { attestationTexts } from './texts';

/** ImportDialog takes a CSV list, whole or not at all, and says every mistake by its line. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const say = useTexts(attestationTexts);
  const parts = useTexts(partTexts);
  const [file, setFile] = useState<File | null>(null);
  const [missing, setMissing] = useState(false);
  const send = useAct(async (chosen: File) => api.ask('POST', '/attestation/keys', Imported, { csv: base64url(new Uint8Array(await chosen.arrayBuffer())) }), keys.attestation);
  const choose = (chosen: File | null) => {
    send.reset();
    setMissing(false);
    setFile(chosen);
  };
  const done = send.data !== undefined && send.data.faults.length === 0;
  return (
    <Dialog title={say('import.title')} size="xl" onClose={onClose}>
      <Stack gap="md">
        <Text size="sm">{say('import.how')}</Text>
        {!done && (
          <Group>
            <FileButton accept=".csv,text/csv" onChange={choose}>
              {(props) => (
                <Button variant="default" {...props} data-autofocus>
                  {say('import.choose')}
                </Button>
              )}
            </FileButton>
            <Text size="sm" role="status">
              {file ? say('import.chosen', { name: file.name }) : missing ? say('import.none') : ''}
            </Text>
          </Group>
        )}
        {send.isError && <ProblemNotice problem={problemOf(send.error)} />}
        {send.data && <Outcome imported={send.data} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} disabled={send.isPending}>
            {parts(done ? 'close' : 'cancel')}
          </Button>
          {!done && (
            <Button loading={send.isPending} onClick={() => (file ? send.mutate(file) : setMissing(true))}>
              {say('import.do')}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

function Outcome({ imported }: { imported: Imported }) {
  const say = useTexts(attestationTexts);
  if (imported.faults.length === 0) {
    return (
      <p className="co-note" data-tone="open" role="status">
        <CheckIcon size={18} />
        <span>{say('import.done', { added: imported.added, known: imported.known })}</span>
      </p>
    );
  }
  return (
    <div role="alert">
      <p className="co-note" data-tone="closed">
        <WarnIcon size={18} />
        <span>{say('import.faults', { count: imported.faults.length })}</span>
      </p>
      <ul className="co-faults" tabIndex={0}>
        {imported.faults.map((fault) => (
          <li key={`${fault.line}-${fault.code}`}>
            <b>{fault.line === 0 ? say('import.whole') : say('import.line', { line: fault.line })}</b> {fault.title} {fault.action}
          </li>
        ))}
      </ul>
    </div>
  );
}
