import { Button, FileInput, Group, Stack } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { BackIcon, WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api, save } from '../api/client';
import { loanKeys } from '../api/loanQueries';
import { Kit, KitSlips, type KitSlip } from '../api/loanViews';
import { keys } from '../api/queries';
import { Confirm } from '../parts/Confirm';
import { PageHead } from '../parts/PageHead';
import { useAct } from '../parts/useAct';
import { base64url, maxFile } from '../people/listFile';
import { sampleKit } from './items';
import { KitRows } from './KitRows';
import { KitSheets } from './KitSheets';
import { kittingTexts } from './kittingTexts';
import { loanTexts } from './texts';
import './loans.css';

type Checked = { file: string; kit: Kit };

/** KittingPage takes a list of PCs: every row's fate first, then all of it, with slips that are shown once. */
export function KittingPage() {
  const say = useTexts(kittingTexts);
  const loans = useTexts(loanTexts);
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<'' | 'file.missing' | 'file.large'>('');
  const [checked, setChecked] = useState<Checked | null>(null);
  const [asking, setAsking] = useState(false);
  const [slips, setSlips] = useState<KitSlip[] | null>(null);
  const check = useAct((bytes: string) => api.ask('POST', '/kitting/plan', Kit, { file: bytes }));
  const apply = useAct((input: Checked) => api.ask('POST', '/kitting/apply', KitSlips, { file: input.file, seen: input.kit.seen }), loanKeys.loans, keys.devices);

  function choose(chosen: File | null) {
    setFile(chosen);
    setChecked(null);
    setFault('');
    check.reset();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!file || file.size > maxFile) {
      setFault(file ? 'file.large' : 'file.missing');
      return;
    }
    const bytes = base64url(new Uint8Array(await file.arrayBuffer()));
    check.mutate(bytes, { onSuccess: (kit) => setChecked({ file: bytes, kit }) });
  }

  if (slips !== null) return <KitSheets slips={slips} onDone={() => (setSlips(null), choose(null))} />;
  return (
    <div className="co-list">
      <Link to="/loans" className="co-back">
        <BackIcon size={18} />
        {loans('to.list')}
      </Link>
      <PageHead title={say('title')} lead={say('lead')} />
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <p>{say('about')}</p>
          <Group align="flex-end">
            <FileInput label={say('file')} description={say('file.help')} placeholder={say('file.choose')} accept=".csv,text/csv" value={file} onChange={choose} error={fault === '' ? undefined : say(fault)} miw="20rem" />
            <Button type="submit" loading={check.isPending}>
              {say('check')}
            </Button>
            <Button variant="default" className="co-office" onClick={() => save(sampleKit(), 'kitting.csv')}>
              {say('sample')}
            </Button>
          </Group>
        </Stack>
      </form>
      {check.error !== null && <ProblemNotice problem={problemOf(check.error)} />}
      {checked && <Found kit={checked.kit} onApply={() => setAsking(true)} />}
      {checked && asking && (
        <Confirm
          title={say('apply', { count: checked.kit.rows.length })}
          consequences={[say('apply.1', { count: checked.kit.rows.length }), say('apply.2'), say('apply.3')]}
          action={say('apply', { count: checked.kit.rows.length })}
          reason="none"
          onConfirm={() => apply.mutateAsync(checked).then((made) => setSlips(made.slips))}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function Found({ kit, onApply }: { kit: Kit; onApply: () => void }) {
  const say = useTexts(kittingTexts);
  const count = kit.rows.length;
  return (
    <Stack gap="md" mt="md">
      <Group justify="space-between">
        <p role="status" className="co-found">
          {say('found', { good: count - kit.refused, refused: kit.refused, encoding: kit.encoding === 'utf-8' ? 'UTF-8' : 'Shift_JIS' })}
        </p>
        {kit.refused === 0 && <Button onClick={onApply}>{say('apply', { count })}</Button>}
      </Group>
      {kit.refused > 0 && (
        <p className="co-note" data-tone="closed">
          <WarnIcon size={18} />
          <span>{say('refused.do')}</span>
        </p>
      )}
      <KitRows rows={kit.rows} />
    </Stack>
  );
}
