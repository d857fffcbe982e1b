import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { CheckIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useMemo, useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { Authority } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { DataTable, type Column } from '../parts/DataTable';
import { Dialog } from '../parts/Dialog';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { base64url } from './list';
import { attestationTexts } from './texts';

/** AuthoritiesPanel lists the authorities of TPM makers whose EK certificates count. */
export function AuthoritiesPanel({ authorities, may }: { authorities: Authority[]; may: boolean }) {
  const say = useTexts(attestationTexts);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Authority | null>(null);
  return (
    <section className="co-block">
      <div className="co-head">
        <div className="co-head-words">
          <h2>{say('cas.title')}</h2>
          <p>{say('cas.lead')}</p>
        </div>
        {may && (
          <div className="co-head-acts">
            <Button variant="default" leftSection={<PlusIcon size={18} />} onClick={() => setAdding(true)}>
              {say('cas.add')}
            </Button>
          </div>
        )}
      </div>
      {authorities.length === 0 ? (
        <Empty icon={<CheckIcon size={36} />} title={say('cas.empty')} text={say('cas.empty.do')} />
      ) : (
        <AuthorityTable authorities={authorities} may={may} onRemove={setRemoving} />
      )}
      {adding && <AddDialog onClose={() => setAdding(false)} />}
      {removing && <Removal one={removing} onClose={() => setRemoving(null)} />}
    </section>
  );
}

function AuthorityTable({ authorities, may, onRemove }: { authorities: Authority[]; may: boolean; onRemove: (one: Authority) => void }) {
  const say = useTexts(attestationTexts);
  const { language } = useLanguage();
  const columns = useMemo<Column<Authority>[]>(() => {
    const at = (time: string | null) => (time === null ? '—' : dateTime(time, language));
    const all: Column<Authority>[] = [
      { id: 'subject', label: say('col.subject'), show: (one) => <b>{one.subject}</b>, sort: (one) => one.subject },
      { id: 'until', label: say('col.until'), numbers: true, show: (one) => at(one.until), sort: (one) => Date.parse(one.until ?? '') || 0 },
      { id: 'added', label: say('col.added'), numbers: true, show: (one) => at(one.added), sort: (one) => Date.parse(one.added ?? '') || 0 },
    ];
    if (may) {
      all.push({
        id: 'act',
        label: say('col.act'),
        show: (one) => (
          <Button variant="default" size="compact-sm" onClick={() => onRemove(one)} aria-label={say('distrust.of', { name: one.subject })}>
            {say('remove')}
          </Button>
        ),
      });
    }
    return all;
  }, [say, language, may, onRemove]);
  return <DataTable label={say('cas.title')} rows={authorities} columns={columns} rowKey={(one) => one.id} />;
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const say = useTexts(attestationTexts);
  const parts = useTexts(partTexts);
  const [file, setFile] = useState<File | null>(null);
  const [missing, setMissing] = useState(false);
  const trust = useAct(async (chosen: File) => api.ask('POST', '/attestation/authorities', Authority, { certificate: base64url(new Uint8Array(await chosen.arrayBuffer())) }), keys.attestation);
  return (
    <Dialog title={say('cas.add.title')} size="lg" onClose={onClose}>
      <Stack gap="md">
        <Text size="sm">{say('cas.add.how')}</Text>
        <Group>
          <FileButton
            onChange={(chosen) => {
              trust.reset();
              setMissing(false);
              setFile(chosen);
            }}
          >
            {(props) => (
              <Button variant="default" {...props} data-autofocus>
                {say('cas.choose')}
              </Button>
            )}
          </FileButton>
          <Text size="sm" role="status">
            {file ? say('import.chosen', { name: file.name }) : missing ? say('import.none') : ''}
          </Text>
        </Group>
        {trust.isError && <ProblemNotice problem={problemOf(trust.error)} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} disabled={trust.isPending}>
            {parts('cancel')}
          </Button>
          <Button loading={trust.isPending} onClick={() => (file ? trust.mutate(file, { onSuccess: onClose }) : setMissing(true))}>
            {say('cas.add.do')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function Removal({ one, onClose }: { one: Authority; onClose: () => void }) {
  const say = useTexts(attestationTexts);
  const remove = useAct(() => api.tell('DELETE', `/attestation/authorities/${one.id}`), keys.attestation);
  return (
    <Confirm
      title={say('distrust.title')}
      consequences={[say('remove.1'), say('remove.2')]}
      action={say('remove.do')}
      danger
      reason="none"
      onConfirm={() => remove.mutateAsync()}
      onClose={onClose}
    >
      <Text size="sm">{one.subject}</Text>
    </Confirm>
  );
}
