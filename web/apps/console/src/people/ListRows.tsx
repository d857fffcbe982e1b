import { CheckIcon, CrossIcon, InfoIcon, PersonIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import type { Tone } from '@sekisho/ui/stateLook';
import { useMemo, type ReactNode } from 'react';
import type { Fate, ListFault, ListRow } from '../api/views';
import { DataTable, type Column } from '../parts/DataTable';
import { Mark } from '../parts/Mark';
import { shellTexts } from '../shell/texts';
import { listTexts } from './listTexts';

const looks: { [fate in Fate]: { tone: Tone; icon: ReactNode; order: number } } = {
  refused: { tone: 'closed', icon: <CrossIcon size={16} />, order: 0 },
  changed: { tone: 'attention', icon: <InfoIcon size={16} />, order: 1 },
  new: { tone: 'open', icon: <PersonIcon size={16} />, order: 2 },
  unchanged: { tone: 'quiet', icon: <CheckIcon size={16} />, order: 3 },
};

type FieldKey = `field.${'login' | 'name' | 'kana' | 'roles' | 'place' | 'face_usable' | 'agency' | 'last_day'}`;
const isField = (key: string): key is FieldKey => key in listTexts.messages;

/** ListRows shows every row's fate: what changes, or what is wrong in which column and what to do. */
export function ListRows({ rows }: { rows: ListRow[] }) {
  const say = useTexts(listTexts);
  const shell = useTexts(shellTexts);
  const columns = useMemo<Column<ListRow>[]>(() => {
    const field = (name: string) => (isField(`field.${name}`) ? say(`field.${name}` as FieldKey) : name);
    const fault = (one: ListFault) => (
      <p key={one.field + one.code}>
        {one.field !== '' && <b>{field(one.field)}: </b>}
        {one.title}
        {one.line > 0 && say('other.line', { line: one.line })} {one.action}
      </p>
    );
    return [
      { id: 'line', label: say('col.line'), show: (row) => row.line, sort: (row) => row.line, numbers: true, width: '5rem' },
      {
        id: 'fate',
        label: say('col.fate'),
        show: (row) => (
          <Mark tone={looks[row.fate].tone} icon={looks[row.fate].icon}>
            {say(`fate.${row.fate}`)}
          </Mark>
        ),
        sort: (row) => looks[row.fate].order,
        width: '10rem',
      },
      { id: 'login', label: say('col.login'), show: (row) => row.login, sort: (row) => row.login },
      { id: 'name', label: say('col.name'), show: (row) => row.name, sort: (row) => row.name },
      {
        id: 'what',
        label: say('col.what'),
        show: (row) => (row.faults.length > 0 ? <div className="co-faults">{row.faults.map(fault)}</div> : row.fields.map(field).join(shell('list.separator'))),
      },
    ];
  }, [say, shell]);
  return <DataTable label={say('rows')} rows={rows} columns={columns} rowKey={(row) => String(row.line)} />;
}
