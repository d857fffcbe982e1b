import { Button, Group } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { CheckIcon, PeopleIcon, WaitIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { uiTexts } from '@sekisho/ui/texts';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { longestWords } from '../api/paging';
import { shiftsQuery, type ShiftPerson, type ShiftRules } from '../api/shiftQueries';
import { Answer } from '../parts/Answer';
import { DataTable, type Column, type DataTableProps } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { Mark } from '../parts/Mark';
import { PageHead } from '../parts/PageHead';
import { Found, Rows } from '../parts/Rows';
import { useListing } from '../parts/useListing';
import { useMay } from '../session/useMay';
import { shellTexts } from '../shell/texts';
import { week } from './draft';
import { ListDialog } from './ListDialog';
import { ExtendForm, RulesForm, ShiftForm } from './ShiftForm';
import { shiftTexts } from './texts';

type Open = { what: 'rules' | 'list' } | { what: 'edit' | 'extend'; person: ShiftPerson };

/** ShiftsPage is when operators work, and whether sessions are bound to it. */
export function ShiftsPage() {
  const say = useTexts(shiftTexts);
  const list = useListing({});
  const shifts = useQuery(shiftsQuery(list.asked));
  const allowed = useMay();
  const may = allowed('administrator', 'shifts.manage');
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')}>
        {may && (
          <Button variant="default" onClick={() => setOpen({ what: 'list' })}>
            {say('list')}
          </Button>
        )}
      </PageHead>
      <Answer query={shifts}>
        {(answer) => (
          <>
            <RulesBlock rules={answer.rules} may={allowed('administrator')} onChange={() => setOpen({ what: 'rules' })} />
            {answer.page.all === 0 ? (
              <Empty icon={<PeopleIcon size={36} />} title={say('empty')} text={say('empty.do')} />
            ) : (
              <>
                <div className="co-filters">
                  <ImeInput label={say('filter.text')} value={list.text} onChange={list.setText} maxLength={longestWords} />
                  <Found page={answer.page} />
                </div>
                <Rows label={say('title')} page={answer.page} query={shifts} onMove={list.setOffset}>
                  <ShiftTable
                    people={answer.people}
                    server={{ order: list.order, onOrder: list.setOrder }}
                    edits={may}
                    extends={allowed('supervisor')}
                    onOpen={(what, person) => setOpen({ what, person })}
                  />
                </Rows>
              </>
            )}
            {open?.what === 'rules' && <RulesForm rules={answer.rules} onClose={close} />}
          </>
        )}
      </Answer>
      {open?.what === 'edit' && <ShiftForm person={open.person} onClose={close} />}
      {open?.what === 'extend' && <ExtendForm person={open.person} onClose={close} />}
      {open?.what === 'list' && <ListDialog onClose={close} />}
    </>
  );
}

function RulesBlock({ rules, may, onChange }: { rules: ShiftRules; may: boolean; onChange: () => void }) {
  const say = useTexts(shiftTexts);
  const ui = useTexts(uiTexts);
  const shell = useTexts(shellTexts);
  const places = [...(rules.home ? [ui('place.home')] : []), ...(rules.office ? [ui('place.office')] : [])];
  return (
    <section className="co-block co-apart" aria-labelledby="shift-rules">
      <Group justify="space-between" mb="xs">
        <h2 id="shift-rules">{say('rules')}</h2>
        {may && (
          <Button variant="default" size="compact-md" onClick={onChange}>
            {say('rules.change')}
          </Button>
        )}
      </Group>
      {places.length === 0 ? (
        <p>{say('rules.none')}</p>
      ) : (
        <>
          <p>{say('rules.bound', { places: places.join(shell('list.separator')) })}</p>
          <p className="co-quiet">{say('rules.grace', { before: rules.before, after: rules.after, zone: rules.zone })}</p>
        </>
      )}
    </section>
  );
}

type TableProps = { people: ShiftPerson[]; server: DataTableProps<ShiftPerson>['server']; edits: boolean; extends: boolean; onOpen: (what: 'edit' | 'extend', person: ShiftPerson) => void };

function ShiftTable({ people, server, edits, extends: extending, onOpen }: TableProps) {
  const say = useTexts(shiftTexts);
  const { language } = useLanguage();
  const columns = useMemo<Column<ShiftPerson>[]>(
    () => [
      { id: 'name', label: say('col.name'), show: (one) => one.name, sort: 'server' },
      { id: 'week', label: say('col.week'), show: (one) => <Week person={one} /> },
      { id: 'dates', label: say('col.dates'), show: (one) => say('dates', { count: one.days.filter((day) => day.day.length > 3).length }) },
      {
        id: 'now',
        label: say('col.now'),
        show: (one) =>
          one.now === null ? (
            <Mark tone="quiet" icon={<WaitIcon size={16} />}>
              {say(one.days.length === 0 ? 'none' : 'outside')}
            </Mark>
          ) : (
            <Mark tone="open" icon={<CheckIcon size={16} />}>
              {say('until', { time: dateTime(one.now, language).slice(-8, -3) })}
            </Mark>
          ),
        sort: 'server',
      },
      ...(edits || extending
        ? [
            {
              id: 'act',
              label: say('col.act'),
              show: (one: ShiftPerson) => (
                <Group gap="xs">
                  {edits && (
                    <Button variant="default" size="compact-sm" onClick={() => onOpen('edit', one)} aria-label={say('edit.of', { name: one.name })}>
                      {say('edit')}
                    </Button>
                  )}
                  {extending && (
                    <Button variant="default" size="compact-sm" onClick={() => onOpen('extend', one)} aria-label={say('extend.of', { name: one.name })}>
                      {say('extend')}
                    </Button>
                  )}
                </Group>
              ),
            },
          ]
        : []),
    ],
    [say, language, edits, extending, onOpen],
  );
  return <DataTable label={say('title')} rows={people} columns={columns} rowKey={(one) => one.id} server={server} />;
}

/** Week says the week in a few lines: days with the same hours stand together. */
function Week({ person }: { person: ShiftPerson }) {
  const say = useTexts(shiftTexts);
  const { language } = useLanguage();
  const groups = new Map<string, string[]>();
  for (const day of week) {
    const hours = person.days.find((one) => one.day === day)?.hours ?? '';
    if (hours !== '') groups.set(hours, [...(groups.get(hours) ?? []), say(`day.${day}`).slice(0, language === 'ja' ? 1 : 3)]);
  }
  if (groups.size === 0) return <span className="co-quiet">{say('none')}</span>;
  return (
    <span className="co-name">
      {[...groups].map(([hours, days]) => (
        <span key={hours}>
          {days.join(' ')} <span className="sk-numbers">{hours}</span>
        </span>
      ))}
    </span>
  );
}
