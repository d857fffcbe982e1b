import { Button, Group } from '@mantine/core';
import { WaitIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api, query } from '../api/client';
import { flowKeys, type FlowCalendar } from '../api/flowQueries';
import { Confirm } from '../parts/Confirm';
import { Empty } from '../parts/Empty';
import { useAct } from '../parts/useAct';
import { CalendarForm } from './CalendarForm';
import { spansText, weekdays } from './hours';
import { flowPartTexts } from './partTexts';
import { useMayDraw } from './useMayDraw';

type Open = { is: 'new' } | { is: 'change' | 'delete'; calendar: FlowCalendar } | null;

/** Calendars are the opening hours with their holidays. */
export function Calendars({ client, calendars }: { client: string; calendars: FlowCalendar[] }) {
  const say = useTexts(flowPartTexts);
  const may = useMayDraw();
  const [open, setOpen] = useState<Open>(null);
  const remove = useAct((id: string) => api.tell('DELETE', query(`/calendars/${id}`, { client })), flowKeys.parts(client));
  const make = may && <Button onClick={() => setOpen({ is: 'new' })}>{say('hours.new')}</Button>;
  return (
    <>
      {calendars.length === 0 ? (
        <Empty icon={<WaitIcon size={36} />} title={say('hours.none')} text={say('hours.none.do')}>{make}</Empty>
      ) : (
        <Group justify="flex-end" mb="sm">{make}</Group>
      )}
      {calendars.map((one) => (
        <section key={one.id} className="co-block" aria-labelledby={`hours-${one.id}`}>
          <Group justify="space-between" mb="xs">
            <h2 id={`hours-${one.id}`}>{one.name}</h2>
            {may && (
              <Group gap={8}>
                <Button variant="default" size="compact-md" aria-label={say('change.of', { name: one.name })} onClick={() => setOpen({ is: 'change', calendar: one })}>
                  {say('change')}
                </Button>
                <Button variant="subtle" size="compact-md" aria-label={say('delete.of', { name: one.name })} onClick={() => setOpen({ is: 'delete', calendar: one })}>
                  {say('delete')}
                </Button>
              </Group>
            )}
          </Group>
          <dl className="co-hours">
            {weekdays.map((day) => (
              <div key={day}>
                <dt>{say(`day.${day}`)}</dt>
                <dd className="sk-numbers">{spansText(one.week.find((held) => held.day === day)?.spans ?? []) || say('hours.closed')}</dd>
              </div>
            ))}
          </dl>
          <p className="co-quiet">
            {one.zone} · {say('hours.count', { count: one.holidays.length })}
          </p>
        </section>
      ))}
      {open?.is === 'new' && <CalendarForm client={client} start={null} onClose={() => setOpen(null)} />}
      {open?.is === 'change' && <CalendarForm client={client} start={open.calendar} onClose={() => setOpen(null)} />}
      {open?.is === 'delete' && (
        <Confirm title={say('delete.of', { name: open.calendar.name })} consequences={[say('delete.back')]} action={say('delete')} danger reason="none" onConfirm={() => remove.mutateAsync(open.calendar.id)} onClose={() => setOpen(null)} />
      )}
    </>
  );
}
