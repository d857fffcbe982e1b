import { CheckIcon, CrossIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useMemo } from 'react';
import type { KitFault, KitRow } from '../api/loanViews';
import { DataTable, type Column } from '../parts/DataTable';
import { Mark } from '../parts/Mark';
import { usePolicyName } from '../policies/words';
import { shellTexts } from '../shell/texts';
import { kittingTexts } from './kittingTexts';

type FieldKey = `field.${'tag' | 'model' | 'login' | 'place' | 'policy' | 'items'}`;
const isField = (key: string): key is FieldKey => key in kittingTexts.messages;

/** KitRows shows every PC's fate: what is registered, or what is wrong in which column and what to do. */
export function KitRows({ rows }: { rows: KitRow[] }) {
  const say = useTexts(kittingTexts);
  const shell = useTexts(shellTexts);
  const policyName = usePolicyName();
  const columns = useMemo<Column<KitRow>[]>(() => {
    const field = (name: string) => {
      const key = `field.${name}`;
      return isField(key) ? say(key) : name;
    };
    const fault = (one: KitFault) => (
      <p key={one.field + one.code}>
        {one.field !== '' && <b>{field(one.field)}: </b>}
        {one.title}
        {one.line > 0 && say('other.line', { line: one.line })} {one.action}
      </p>
    );
    const good = (row: KitRow) => [row.person_name, policyName(row.policy), row.items.join(shell('list.separator'))].filter((word) => word !== '').join(' / ');
    return [
      { id: 'line', label: say('col.line'), show: (row) => row.line, sort: (row) => row.line, numbers: true, width: '5rem' },
      {
        id: 'fate',
        label: say('col.fate'),
        show: (row) =>
          row.faults.length > 0 ? (
            <Mark tone="closed" icon={<CrossIcon size={16} />}>
              {say('fate.refused')}
            </Mark>
          ) : (
            <Mark tone="open" icon={<CheckIcon size={16} />}>
              {say('fate.good')}
            </Mark>
          ),
        sort: (row) => (row.faults.length > 0 ? 0 : 1),
        width: '11rem',
      },
      { id: 'tag', label: say('field.tag'), show: (row) => row.asset_tag, sort: (row) => row.asset_tag },
      { id: 'login', label: say('field.login'), show: (row) => row.login, sort: (row) => row.login },
      { id: 'what', label: say('col.what'), show: (row) => (row.faults.length > 0 ? <div className="co-faults">{row.faults.map(fault)}</div> : good(row)) },
    ];
  }, [say, shell, policyName]);
  return <DataTable label={say('rows')} rows={rows} columns={columns} rowKey={(row) => String(row.line)} />;
}
