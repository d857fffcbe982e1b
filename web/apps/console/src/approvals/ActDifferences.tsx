import { Table } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { dateTime } from '@sekisho/ui/time';
import { roles } from '@sekisho/wire/states';
import type { Difference } from '../api/actQueries';
import { levels } from '../api/views';
import { useKind } from '../audit/kinds';
import { desktopTexts } from '../desktops/texts';
import { useCheckName } from '../posture/words';
import { RightList } from '../roles/RightList';
import { shellTexts } from '../shell/texts';
import { actTexts, actValueTexts, fieldTexts } from './actTexts';

const isField = (field: string): field is keyof (typeof fieldTexts)['messages'] => field in fieldTexts.messages;
const isValue = (value: string): value is keyof (typeof actValueTexts)['messages'] => value in actValueTexts.messages;

/** ActDifferences says in words what an act would change: as it is now, and once it is confirmed. */
export function ActDifferences({ differences }: { differences: Difference[] }) {
  const say = useTexts(actTexts);
  const label = useLabel();
  return (
    <Table className="co-differences" withRowBorders verticalSpacing="xs" aria-label={say('what')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{say('field')}</Table.Th>
          <Table.Th scope="col">{say('before')}</Table.Th>
          <Table.Th scope="col">{say('after')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {differences.map((one, at) => (
          <Table.Tr key={at}>
            <Table.Th scope="row">
              {label(one)}
              {one.beside && <span className="co-quiet"> {say('beside')}</span>}
            </Table.Th>
            <Table.Td>
              <Value field={one.field} value={one.before} />
            </Table.Td>
            <Table.Td>
              <Value field={one.field} value={one.after} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function useLabel(): (one: Difference) => string {
  const say = useTexts(fieldTexts);
  const check = useCheckName();
  return ({ field, object }) => {
    const name = isField(field) ? say(field) : field;
    if (object === '') return name;
    return field === 'posture.check' ? check(object) : `${name} ${object}`;
  };
}

function Value({ field, value }: { field: string; value: string }) {
  const say = useTexts(actValueTexts);
  const ui = useTexts(uiTexts);
  const shell = useTexts(shellTexts);
  const desktop = useTexts(desktopTexts);
  const kind = useKind();
  const { language } = useLanguage();
  if (value === '') return <>—</>;
  if (field === 'rules.policy' || field === 'widening.text') return <pre className="co-policy-text">{value}</pre>;
  if (field === 'role.rights') return <RightList rights={value.split(' ')} />;
  if (field === 'desktop.level') return <>{desktop(levels.find((level) => level === value) ? `level.${value as (typeof levels)[number]}` : 'level.full')}</>;
  if (field === 'room.question') return <span className="co-lines">{value}</span>;
  if (field === 'tpm.sha256' || field === 'place.router') return <code className="co-id">{value}</code>;
  if (field === 'disaster.ends' || field === 'tpm.until' || field === 'place.at') return <>{dateTime(value, language)}</>;
  if (field === 'export.kind') return <>{value.split(',').map(kind).join(shell('list.separator'))}</>;
  if (field === 'person.roles') {
    return <>{value.split(' ').map((word) => roles.find((role) => role === word)).flatMap((role) => (role ? [ui(`role.${role}`)] : [])).join(shell('list.separator'))}</>;
  }
  return <>{isValue(value) ? say(value) : value}</>;
}
