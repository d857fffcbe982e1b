import { Button, FileInput, Group, SegmentedControl, Stack } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { ArrowLeftIcon, CheckIcon, WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api, save } from '../api/client';
import { keys } from '../api/queries';
import { List, type ListRow } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { PageHead } from '../parts/PageHead';
import { useAct } from '../parts/useAct';
import { base64url, maxFile, sample, type ListKind } from './listFile';
import { ListRows } from './ListRows';
import { listTexts } from './listTexts';

type Checked = { kind: ListKind; file: string; list: List };

/** ListPage takes a list of joiners or leavers: first it shows every row's fate, then it does all of it or nothing. */
export function ListPage() {
  const say = useTexts(listTexts);
  const [kind, setKind] = useState<ListKind>('joiners');
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<'' | 'file.missing' | 'file.large'>('');
  const [checked, setChecked] = useState<Checked | null>(null);
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState<Checked | null>(null);
  const check = useAct((input: { kind: ListKind; file: string }) => api.ask('POST', `/people/${input.kind}/plan`, List, { file: input.file }));
  const apply = useAct(
    (input: Checked) => api.ask('POST', `/people/${input.kind}/apply`, List, { file: input.file, seen: input.list.seen }),
    keys.people,
    keys.devices,
  );

  function again(act: () => void) {
    act();
    setChecked(null);
    setDone(null);
    setFault('');
    check.reset();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    setDone(null);
    if (!file || file.size > maxFile) {
      setFault(file ? 'file.large' : 'file.missing');
      return;
    }
    const bytes = base64url(new Uint8Array(await file.arrayBuffer()));
    check.mutate({ kind, file: bytes }, { onSuccess: (list) => setChecked({ kind, file: bytes, list }) });
  }

  return (
    <div className="co-list">
      <Link to="/people" className="co-back">
        <ArrowLeftIcon size={16} />
        {say('back')}
      </Link>
      <PageHead title={say('title')} lead={say('lead')} />
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <SegmentedControl
            aria-label={say('kind')}
            value={kind}
            onChange={(value) => again(() => setKind(value === 'leavers' ? 'leavers' : 'joiners'))}
            data={[
              { value: 'joiners', label: say('kind.joiners') },
              { value: 'leavers', label: say('kind.leavers') },
            ]}
          />
          <p>{say(`about.${kind}`)}</p>
          <Group align="flex-end">
            <FileInput
              label={say('file')}
              description={say('file.help')}
              placeholder={say('file.choose')}
              accept=".csv,text/csv"
              value={file}
              onChange={(chosen) => again(() => setFile(chosen))}
              error={fault === '' ? undefined : say(fault)}
              miw="20rem"
            />
            <Button type="submit" loading={check.isPending}>
              {say('check')}
            </Button>
            <Button variant="default" className="co-office" onClick={() => save(sample(kind), `${kind}.csv`)}>
              {say('sample')}
            </Button>
          </Group>
        </Stack>
      </form>
      {check.error !== null && <ProblemNotice problem={problemOf(check.error)} />}
      <div role="status">
        {done && (
          <p className="co-note" data-tone="open">
            <CheckIcon size={18} />
            <span>{say('applied', { added: done.list.new, changed: done.list.changed })}</span>
          </p>
        )}
      </div>
      {done?.kind === 'leavers' && <Slips leaving={done.list.rows.filter((row) => row.person !== '')} />}
      {checked && !done && <Found checked={checked} onApply={() => setAsking(true)} />}
      {checked && asking && (
        <Confirm
          title={say('apply.title')}
          consequences={[
            ...(checked.list.new > 0 ? [say('apply.new', { count: checked.list.new })] : []),
            ...(checked.list.changed > 0 ? [say('apply.changed', { count: checked.list.changed })] : []),
            ...(checked.kind === 'leavers' ? [say('apply.leavers')] : []),
          ]}
          action={say('apply', { count: checked.list.new + checked.list.changed })}
          danger={checked.kind === 'leavers'}
          reason="none"
          onConfirm={() => apply.mutateAsync(checked).then((list) => setDone({ ...checked, list }))}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function Found({ checked: { list }, onApply }: { checked: Checked; onApply: () => void }) {
  const say = useTexts(listTexts);
  const count = list.new + list.changed;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <p role="status" className="co-found">
          {say('found', { added: list.new, changed: list.changed, unchanged: list.unchanged, refused: list.refused, encoding: list.encoding === 'utf-8' ? 'UTF-8' : 'Shift_JIS' })}
        </p>
        {list.refused === 0 && count > 0 && <Button onClick={onApply}>{say('apply', { count })}</Button>}
      </Group>
      {(list.refused > 0 || count === 0) && (
        <p className="co-note" data-tone={list.refused > 0 ? 'closed' : 'quiet'}>
          <WarnIcon size={18} />
          <span>{say(list.refused > 0 ? 'refused.do' : 'nothing.do')}</span>
        </p>
      )}
      <ListRows rows={list.rows} />
    </Stack>
  );
}

/** Slips leads to the slip of everybody who was on a leavers' list. */
function Slips({ leaving }: { leaving: ListRow[] }) {
  const say = useTexts(listTexts);
  return (
    <section className="co-block" aria-labelledby="slips">
      <h2 id="slips">{say('slips')}</h2>
      <p>{say('slips.do')}</p>
      <ul>
        {leaving.map((one) => (
          <li key={one.person}>
            <Link to="/people/$id/slip" params={{ id: one.person }} className="co-link">
              {say('slip.of', { name: one.name })}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
