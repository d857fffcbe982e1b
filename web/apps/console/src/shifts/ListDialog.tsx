import { Button, FileInput, Group, Stack, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { CheckIcon, CrossIcon, InfoIcon, WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useMemo, useState, type ReactNode } from 'react';
import { api, save } from '../api/client';
import { ShiftList, shiftKeys, type ShiftListRow } from '../api/shiftQueries';
import { DataTable, type Column } from '../parts/DataTable';
import { Dialog } from '../parts/Dialog';
import { Mark } from '../parts/Mark';
import { useAct } from '../parts/useAct';
import { base64url, maxFile } from '../people/listFile';
import { isWeekday } from './draft';
import { shiftTexts } from './texts';

const sample = () => new Blob(['\ufeffログインID,曜日,勤務時間\r\nmihon-01,月,09:00-18:00\r\nmihon-01,火,09:00-12:00 13:00-18:00\r\nmihon-02,2026-12-31,休み\r\n'], { type: 'text/csv' });

/** ListDialog takes a list of shifts: first every row's fate, then all of it or nothing. */
export function ListDialog({ onClose }: { onClose: () => void }) {
  const say = useTexts(shiftTexts);
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<'' | 'list.missing' | 'list.large'>('');
  const [checked, setChecked] = useState<{ file: string; list: ShiftList } | null>(null);
  const [done, setDone] = useState<ShiftList | null>(null);
  const check = useAct((bytes: string) => api.ask('POST', '/shifts/list/plan', ShiftList, { file: bytes }));
  const apply = useAct((from: { file: string; list: ShiftList }) => api.ask('POST', '/shifts/list/apply', ShiftList, { file: from.file, seen: from.list.seen }), shiftKeys.shifts);
  const failure = apply.error ?? check.error;

  async function look() {
    setDone(null);
    apply.reset();
    if (!file || file.size > maxFile) {
      setFault(file ? 'list.large' : 'list.missing');
      return;
    }
    const bytes = base64url(new Uint8Array(await file.arrayBuffer()));
    check.mutate(bytes, { onSuccess: (list) => setChecked({ file: bytes, list }) });
  }

  return (
    <Dialog title={say('list')} size="xl" onClose={onClose}>
      <Stack gap="md">
        <Text size="sm">{say('list.about')}</Text>
        <Group align="flex-end">
          <FileInput
            label={say('list.file')}
            description={say('list.file.help')}
            placeholder={say('list.missing')}
            accept=".csv,text/csv"
            value={file}
            onChange={(chosen) => {
              setFile(chosen);
              setChecked(null);
              setFault('');
            }}
            error={fault === '' ? undefined : say(fault)}
            miw="20rem"
          />
          <Button onClick={() => void look()} loading={check.isPending}>
            {say('list.check')}
          </Button>
          <Button variant="default" className="co-office" onClick={() => save(sample(), 'shifts.csv')}>
            {say('list.sample')}
          </Button>
        </Group>
        {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
        <div role="status">
          {done && (
            <p className="co-note" data-tone="open">
              <CheckIcon size={18} />
              <span>{say('list.applied', { count: done.changed })}</span>
            </p>
          )}
        </div>
        {checked && !done && (
          <>
            <Group justify="space-between">
              <p className="co-found">{say('list.found', { changed: checked.list.changed, unchanged: checked.list.unchanged, refused: checked.list.refused })}</p>
              {checked.list.refused === 0 && checked.list.changed > 0 && (
                <Button loading={apply.isPending} onClick={() => apply.mutate(checked, { onSuccess: setDone })}>
                  {say('list.apply', { count: checked.list.changed })}
                </Button>
              )}
            </Group>
            {checked.list.refused > 0 && (
              <p className="co-note" data-tone="closed">
                <WarnIcon size={18} />
                <span>{say('list.refused')}</span>
              </p>
            )}
            <Rows rows={checked.list.rows} />
          </>
        )}
      </Stack>
    </Dialog>
  );
}

const looks: { [fate in ShiftListRow['fate']]: { tone: 'closed' | 'attention' | 'quiet'; icon: ReactNode } } = {
  refused: { tone: 'closed', icon: <CrossIcon size={16} /> },
  changed: { tone: 'attention', icon: <InfoIcon size={16} /> },
  unchanged: { tone: 'quiet', icon: <CheckIcon size={16} /> },
};

function Rows({ rows }: { rows: ShiftListRow[] }) {
  const say = useTexts(shiftTexts);
  const columns = useMemo<Column<ShiftListRow>[]>(
    () => [
      { id: 'line', label: say('list.line'), show: (row) => row.line, sort: (row) => row.line, numbers: true, width: '4rem' },
      {
        id: 'fate',
        label: say('list.fate'),
        show: (row) => (
          <Mark tone={looks[row.fate].tone} icon={looks[row.fate].icon}>
            {say(`fate.${row.fate}`)}
          </Mark>
        ),
        sort: (row) => row.fate,
        width: '9rem',
      },
      { id: 'login', label: say('list.login'), show: (row) => row.login, sort: (row) => row.login },
      { id: 'day', label: say('list.day'), show: (row) => (isWeekday(row.day) ? say(`day.${row.day}`) : row.day), sort: (row) => row.day },
      {
        id: 'what',
        label: say('list.what'),
        show: (row) =>
          row.faults.length > 0
            ? row.faults.map((one) => (
                <p key={one.field + one.code}>
                  {one.title}
                  {one.line > 0 && say('list.other', { line: one.line })} {one.action}
                </p>
              ))
            : say('list.change', { before: row.before || say('off'), after: row.after || say('off') }),
      },
    ],
    [say],
  );
  return <DataTable label={say('list.rows')} rows={rows} columns={columns} rowKey={(row) => String(row.line)} />;
}
