import { Button, FileInput, Group, Stack } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState } from 'react';
import { api, download, query } from '../api/client';
import { witnessKeys, type OldFace } from '../api/witnessQueries';
import { fileName } from '../incidents/commands';
import { Facts } from '../parts/Facts';
import { Once } from '../parts/Once';
import { useAct } from '../parts/useAct';
import { base64url } from './oldKey';
import { witnessTexts } from './texts';

/** GiveOld is how an officer fetches the sealed record, opens it with another officer on his own machine, and hands in what the witness's page alone can read. */
export function GiveOld({ one, onDone }: { one: OldFace; onDone: (words: string) => void }) {
  const say = useTexts(witnessTexts);
  const [file, setFile] = useState<File | null>(null);
  const fetchIt = useAct(() => download(query(`/evidence/${encodeURIComponent(one.picture)}`, { reason: say('faces.fetch.reason') }), fileName(one.picture)));
  const give = useAct(async (sealed: File) => api.tell('POST', `/old-faces/${encodeURIComponent(one.device)}/give`, { mark: one.mark, sealed: base64url(new Uint8Array(await sealed.arrayBuffer())) }), witnessKeys.old);

  async function go() {
    if (file === null) return;
    try {
      await give.mutateAsync(file);
      setFile(null);
      onDone(say('faces.gave'));
    } catch {
      // give.error is shown
    }
  }

  return (
    <Stack gap="sm">
      <Facts facts={[{ label: say('faces.mark'), value: <code className="sk-numbers">{one.mark}</code> }]} />
      <p className="co-quiet">{say('faces.mark.help')}</p>
      <Group>
        <Button variant="default" className="co-office" loading={fetchIt.isPending} onClick={() => fetchIt.mutate(undefined)}>
          {say('faces.fetch')}
        </Button>
      </Group>
      {fetchIt.isError && <ProblemNotice problem={problemOf(fetchIt.error)} />}
      <p>{say('faces.command')}</p>
      <Once label={say('faces.command')} text={`sekisho evidence show ${fileName(one.picture)} --key MY.key --share OTHER.share --to ${one.key} --device ${one.device} -o picture.seal`} />
      <FileInput className="co-office" label={say('faces.file')} value={file} onChange={setFile} accept=".seal" clearable />
      {give.isError && <ProblemNotice problem={problemOf(give.error)} />}
      <Group>
        <Button disabled={file === null} loading={give.isPending} onClick={() => void go()}>
          {say('faces.give')}
        </Button>
      </Group>
    </Stack>
  );
}
