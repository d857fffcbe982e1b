import { Table, UnstyledButton } from '@mantine/core';
import { CheckIcon, CrossIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts, type Say } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useMemo } from 'react';
import type { AuditRow } from '../api/views';
import { Mark } from '../parts/Mark';
import { bySession, nameOf, short, type Bundle } from './group';
import { useProcess, useReason } from './details';
import { useRowKind } from './kinds';
import { auditTexts } from './texts';

export type Names = { [id: string]: string };

type RowTableProps = { rows: AuditRow[]; names: Names; grouped: boolean; onOpen: (row: AuditRow) => void };

/** RowTable lists rows; the rows of one session stand under one head. */
export function RowTable({ rows, names, grouped, onOpen }: RowTableProps) {
  const say = useTexts(auditTexts);
  const bundles = useMemo<Bundle[]>(() => (grouped ? bySession(rows) : rows.map((row) => ({ session: '', rows: [row] }))), [rows, grouped]);
  const columns = ['col.seq', 'col.at', 'col.kind', 'col.who', 'col.object', 'col.decision'] as const;
  return (
    <div className="co-table" role="region" aria-label={say('title')} tabIndex={0}>
      <Table verticalSpacing={6} horizontalSpacing="md" highlightOnHover>
        <Table.Caption className="co-hidden">{say('title')}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column} scope="col">
                {say(column)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        {bundles.map((bundle) => (
          <Table.Tbody key={`${bundle.session}-${bundle.rows[0]?.seq}`} className={bundle.session === '' ? undefined : 'co-bundle'}>
            {bundle.session !== '' && <SessionHead bundle={bundle} names={names} span={columns.length} />}
            {bundle.rows.map((row) => (
              <Row key={row.seq} row={row} names={names} onOpen={() => onOpen(row)} />
            ))}
          </Table.Tbody>
        ))}
      </Table>
    </div>
  );
}

function SessionHead({ bundle, names, span }: { bundle: Bundle; names: Names; span: number }) {
  const say = useTexts(auditTexts);
  const operator = bundle.rows.find((row) => row.role === 'operator')?.person ?? '';
  return (
    <Table.Tr className="co-bundle-head">
      <Table.Th scope="rowgroup" colSpan={span}>
        <span>{operator === '' ? say('session', { session: short(bundle.session) }) : say('session.of', { name: nameOf(operator, names) })}</span>
        <span className="co-quiet">{say('session.rows', { count: bundle.rows.length })}</span>
        <span className="co-id">{short(bundle.session)}</span>
      </Table.Th>
    </Table.Tr>
  );
}

function Row({ row, names, onOpen }: { row: AuditRow; names: Names; onOpen: () => void }) {
  const say = useTexts(auditTexts);
  const kind = useRowKind();
  const process = useProcess();
  const { language } = useLanguage();
  return (
    <Table.Tr>
      <Table.Td className="sk-numbers">
        <UnstyledButton className="co-link" onClick={onOpen} aria-label={say('open', { seq: row.seq })}>
          {row.seq}
        </UnstyledButton>
      </Table.Td>
      <Table.Td className="sk-numbers co-when">{dateTime(row.at, language)}</Table.Td>
      <Table.Td>{kind(row)}</Table.Td>
      <Table.Td>{actorOf(row, names, process)}</Table.Td>
      <Table.Td>{objectOf(row, names, say)}</Table.Td>
      <Table.Td>
        <Outcome row={row} />
      </Table.Td>
    </Table.Tr>
  );
}

const objects = [
  'person', 'call', 'device', 'session', 'desktop', 'incident', 'approval', 'act', 'deputy', 'disaster', 'widening', 'pool', 'policy', 'key', 'connection',
  'certificate', 'authority', 'attestation', 'roster', 'list', 'door', 'event', 'log', 'file', 'report', 'search', 'receiver', 'client', 'work', 'rules', 'role', 'shift',
  'course', 'document', 'training', 'readiness', 'scenario', 'mail', 'pool', 'flow', 'prompt', 'calendar', 'lookup', 'queue', 'recording', 'line', 'trunk',
] as const;

/** isObject says whether a type of object has words. */
export const isObject = (type: string): boolean => objects.some((one) => one === type);

/** objectOf is what it was done to: its name, else its kind in a word with the end of its id. */
export function objectOf(row: AuditRow, names: Names, say: Say<keyof (typeof auditTexts)['messages']>): string {
  const name = names[row.object_id];
  if (row.object_id === '' || name !== undefined) return name ?? '—';
  const known = objects.find((one) => one === row.object);
  const word = known ? say(`object.${known}`) : row.object;
  return row.object_id === row.session ? word : `${word} ${short(row.object_id)}`;
}

/** actorOf is who acted: a person, else a PC, else a program. */
export function actorOf(row: AuditRow, names: Names, process: (name: string) => string): string {
  if (row.person !== '') return nameOf(row.person, names);
  if (row.device !== '') return nameOf(row.device, names);
  return row.process === '' ? '—' : process(row.process);
}

/** Outcome is whether it was allowed or refused, and why not. */
export function Outcome({ row }: { row: AuditRow }) {
  const say = useTexts(auditTexts);
  const why = useReason()(row);
  return (
    <span className="co-outcome">
      {row.decision === 'allow' && (
        <Mark tone="open" icon={<CheckIcon size={16} />}>
          {say('allow')}
        </Mark>
      )}
      {row.decision === 'deny' && (
        <Mark tone="closed" icon={<CrossIcon size={16} />}>
          {say('deny')}
        </Mark>
      )}
      {why !== '' ? <span className="co-reason-text">{why}</span> : row.reason !== '' && <span className="co-reason">{row.reason}</span>}
    </span>
  );
}
