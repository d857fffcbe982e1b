import { Button, Stack, Text } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { uiTexts } from '@sekisho/ui/texts';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { roles } from '@sekisho/wire/states';
import { useMutation, useQuery } from '@tanstack/react-query';
import { download } from '../api/client';
import { sessionQuery, type AuditFilter } from '../api/queries';
import type { AuditRow } from '../api/views';
import { Facts, type Fact } from '../parts/Facts';
import { SaveIcon } from '../parts/icons';
import { Once } from '../parts/Once';
import { Side } from '../parts/Side';
import { nameOf } from './group';
import { useDetails, useProcess } from './details';
import { useRowKind } from './kinds';
import { objectOf, Outcome, type Names } from './RowTable';
import { auditTexts } from './texts';

type RowPanelProps = { row: AuditRow; names: Names; onOnly: (filter: Partial<AuditFilter>) => void; onClose: () => void };

/** RowPanel is one row in full, with its proof. */
export function RowPanel({ row, names, onOnly, onClose }: RowPanelProps) {
  const say = useTexts(auditTexts);
  const kind = useRowKind();
  const session = useQuery(sessionQuery);
  const own = Boolean(session.data?.person?.client); // a client's proof carries the row's hash alone
  const file = `sekisho-audit-${row.seq}.tlog-proof`;
  const proof = useMutation({ mutationFn: () => download(`/audit/${row.seq}/proof`, file) });
  return (
    <Side title={say('panel', { seq: row.seq })} size="lg" onClose={onClose}>
      <Stack gap="md">
        <div>
          <h2 className="co-panel-name">{kind(row)}</h2>
          <span className="co-id">{row.kind}</span>
        </div>
        <Facts facts={useFacts(row, names)} />
        {Object.keys(row.detail).length > 0 && <Values title={say('detail')} values={row.detail} names={names} />}
        {Object.keys(row.personal).length > 0 && <Values title={say('personal')} help={say('personal.help')} values={row.personal} names={names} asWritten />}
        {only(row).map(([label, filter]) => (
          <Button
            key={label}
            variant="default"
            onClick={() => {
              onClose();
              onOnly(filter);
            }}
          >
            {say(label)}
          </Button>
        ))}
        <section className="co-how">
          <Text size="sm">{say(own ? 'proof.help.own' : 'proof.help')}</Text>
          {proof.isError && <ProblemNotice problem={problemOf(proof.error)} />}
          <Button className="co-office" leftSection={<SaveIcon size={18} />} loading={proof.isPending} onClick={() => proof.mutate()}>
            {say('proof')}
          </Button>
          <Once label={say('proof.how')} text={`sekisho audit verify ${file} --key KEY${own ? ` --leaf ${row.leaf}` : ''}`} />
        </section>
      </Stack>
    </Side>
  );
}

/** only are the searches that a row leads on to. */
function only(row: AuditRow) {
  const all = [
    ['session.all', { session: row.session }],
    ['customer.all', { customer: row.customer }],
    ['call.all', { call: row.call }],
    ['object.all', { object: [row.session, row.customer, row.call].includes(row.object_id) ? '' : row.object_id }],
  ] as const;
  return all.filter(([, filter]) => Object.values(filter).some((id) => id !== ''));
}

type ValuesProps = { title: string; help?: string; values: { [name: string]: string }; names: Names; asWritten?: boolean };

/** Values are a row's own values; what a person wrote stays as written. */
function Values({ title, help, values, names, asWritten = false }: ValuesProps) {
  const words = useDetails();
  return (
    <section className="co-raw">
      <h3>{title}</h3>
      {help && <p className="co-quiet">{help}</p>}
      <Facts facts={Object.entries(values).map(([name, value]) => ({ label: words.label(name), value: names[value] ?? (asWritten ? value : words.value(name, value)) }))} />
    </section>
  );
}

function useFacts(row: AuditRow, names: Names): Fact[] {
  const say = useTexts(auditTexts);
  const ui = useTexts(uiTexts);
  const { language } = useLanguage();
  const process = useProcess();
  const role = roles.find((one) => one === row.role);
  const facts: Fact[] = [{ label: say('col.at'), value: dateTime(row.at, language) }];
  if (row.person !== '') facts.push({ label: say('fact.person'), value: nameOf(row.person, names) });
  if (role) facts.push({ label: say('fact.role'), value: ui(`role.${role}`) });
  if (row.device !== '') facts.push({ label: say('fact.device'), value: nameOf(row.device, names) });
  if (row.process !== '') facts.push({ label: say('fact.process'), value: process(row.process) });
  if (row.object_id !== '') facts.push({ label: say('fact.object'), value: objectOf(row, names, say) });
  if (row.decision !== '' || row.reason !== '') facts.push({ label: say('col.decision'), value: <Outcome row={row} /> });
  if (row.reason_text !== '') facts.push({ label: say('col.reason'), value: <span className="co-id">{row.reason}</span> });
  if (row.session !== '') facts.push({ label: say('fact.session'), value: <span className="co-id">{row.session}</span> });
  if (row.customer !== '') facts.push({ label: say('fact.customer'), value: <span className="co-id">{row.customer}</span> });
  if (row.call !== '') facts.push({ label: say('fact.call'), value: <span className="co-id">{row.call}</span> });
  if (row.late) facts.push({ label: say('fact.late'), value: say('fact.late.yes') });
  facts.push({ label: say('fact.leaf'), value: <span className="co-id">{row.leaf}</span> });
  return facts;
}
