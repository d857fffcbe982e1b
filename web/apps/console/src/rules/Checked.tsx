import { Button, Group, Text } from '@mantine/core';
import { CheckIcon, CrossIcon, WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { useMemo } from 'react';
import type { RulesCheck } from '../api/ruleViews';
import { DataTable, type Column } from '../parts/DataTable';
import { Mark } from '../parts/Mark';
import { ruleTexts } from './texts';

/** Checked says what is wrong with a text, line by line, or what it would change for whom. */
export function Checked({ check, onLine }: { check: RulesCheck; onLine: (line: number) => void }) {
  const say = useTexts(ruleTexts);
  if (check.faults.length > 0) {
    return (
      <div role="alert" className="co-wrong">
        <p className="co-note" data-tone="closed">
          <WarnIcon size={18} />
          <span>{say('checked.faults', { count: check.faults.length })}</span>
        </p>
        <ol>
          {check.faults.map((fault, index) => (
            <li key={index}>
              <Group gap="sm">
                {fault.line === 0 ? (
                  <b>{say('fault.whole')}</b>
                ) : (
                  <Button variant="default" size="compact-sm" onClick={() => onLine(fault.line)} aria-label={say('fault.goto', { line: fault.line })}>
                    {say('fault.line', { line: fault.line })}
                  </Button>
                )}
                {fault.policy !== '' && <b>{say('fault.policy', { name: fault.policy })}</b>}
              </Group>
              <p>
                {fault.title} {fault.action}
              </p>
              {fault.detail !== '' && (
                <p className="co-id" lang="en">
                  {fault.detail}
                </p>
              )}
            </li>
          ))}
        </ol>
      </div>
    );
  }
  return (
    <div role="status" className="co-checked">
      <p className="co-note" data-tone="open">
        <CheckIcon size={18} />
        <span>{say('checked.ok')}</span>
      </p>
      <Effect check={check} />
    </div>
  );
}

type Row = RulesCheck['differences'][number];

function Effect({ check }: { check: RulesCheck }) {
  const say = useTexts(ruleTexts);
  const ui = useTexts(uiTexts);
  const columns = useMemo<Column<Row>[]>(
    () => [
      { id: 'person', label: say('col.person'), show: (one) => <b>{one.name}</b>, sort: (one) => one.name },
      { id: 'what', label: say('col.what'), show: (one) => (one.act === 'reach' ? one.label : say(`act.${one.act}`)), sort: (one) => one.label },
      { id: 'place', label: say('col.place'), show: (one) => (one.place === '' ? '—' : ui(`place.${one.place}`)), sort: (one) => one.place },
      {
        id: 'change',
        label: say('col.change'),
        show: (one) => (
          <Mark tone={one.after.allow ? 'attention' : 'closed'} icon={one.after.allow ? <CheckIcon size={16} /> : <CrossIcon size={16} />}>
            {say(one.after.allow ? 'gained' : 'lost')}
          </Mark>
        ),
        sort: (one) => (one.after.allow ? 1 : 0),
      },
      { id: 'why', label: say('col.why'), show: (one) => <span className="co-id">{(one.after.policies.length > 0 ? one.after : one.before).policies.join(' ')}</span> },
    ],
    [say, ui],
  );
  return (
    <section className="co-block" aria-labelledby="effect">
      <h2 id="effect">{say('effect')}</h2>
      <Text size="sm" mb="sm">
        {check.differences.length === 0 ? say('effect.none', { asked: check.asked }) : say('effect.count', { asked: check.asked, lost: check.lost, gained: check.gained })} {say('effect.how')}
      </Text>
      {check.differences.length > 0 && <DataTable label={say('effect.list')} rows={check.differences} columns={columns} rowKey={(one) => `${one.person}-${one.act}-${one.desktop}-${one.place}`} />}
      {check.lost + check.gained > check.differences.length && <p className="co-quiet">{say('effect.first', { count: check.differences.length })}</p>}
    </section>
  );
}
