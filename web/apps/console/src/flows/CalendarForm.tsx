import { Textarea, TextInput } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { FlowCalendar, flowKeys } from '../api/flowQueries';
import { Form } from '../clients/Form';
import { useAct } from '../parts/useAct';
import { linesOf, readDates, readSpans, spansText, weekdays } from './hours';
import { flowPartTexts } from './partTexts';

const usual = '9:00-18:00';

/** CalendarForm enters hours by weekday, holidays and dates with other hours. */
export function CalendarForm({ client, start, onClose }: { client: string; start: FlowCalendar | null; onClose: () => void }) {
  const say = useTexts(flowPartTexts);
  const [name, setName] = useState(start?.name ?? '');
  const [zone, setZone] = useState(start?.zone ?? 'Asia/Tokyo');
  const [week, setWeek] = useState<{ [day: string]: string }>(() =>
    Object.fromEntries(weekdays.map((day) => [day, start ? spansText(start.week.find((one) => one.day === day)?.spans ?? []) : day === 'sat' || day === 'sun' ? '' : usual])),
  );
  const [holidays, setHolidays] = useState(start?.holidays.join('\n') ?? '');
  const [extra, setExtra] = useState(start?.extra.map((one) => `${one.day} ${spansText(one.spans)}`.trim()).join('\n') ?? '');
  const [tried, setTried] = useState(false);
  const save = useAct((body: object) => api.ask('PUT', '/calendars', FlowCalendar, body), flowKeys.parts(client));
  const read = weekdays.map((day) => ({ day, spans: readSpans(week[day] ?? '') }));
  const dates = readDates(extra);
  const tidy = name.normalize('NFKC').trim();
  const good = tidy !== '' && dates !== undefined && read.every((one) => one.spans !== undefined);
  return (
    <Form
      title={start ? say('change.of', { name: start.name }) : say('hours.new')}
      action={say('save')}
      ready={() => {
        setTried(true);
        return good;
      }}
      onSubmit={() => save.mutateAsync({ id: start?.id ?? '', client, seen: start?.edit ?? 0, name: tidy, zone: zone.trim(), week: read.filter((one) => one.spans?.length), holidays: linesOf(holidays), extra: dates ?? [] })}
      onClose={onClose}
    >
      <TextInput label={say('name')} value={name} onChange={(event) => setName(event.currentTarget.value)} error={tried && tidy === '' ? say('name.missing') : undefined} maxLength={100} data-autofocus />
      <TextInput label={say('hours.zone')} description={say('hours.zone.help')} value={zone} onChange={(event) => setZone(event.currentTarget.value)} maxLength={64} />
      <fieldset className="co-choices">
        <legend>{say('hours.week')}</legend>
        <p className="co-quiet">{say('hours.week.help')}</p>
        <div className="co-week">
          {read.map(({ day, spans }) => (
            <TextInput key={day} label={say(`day.${day}`)} value={week[day] ?? ''} onChange={(event) => setWeek({ ...week, [day]: event.currentTarget.value })} placeholder={say('hours.closed')} error={spans === undefined ? say('hours.wrong') : undefined} maxLength={120} />
          ))}
        </div>
      </fieldset>
      <Textarea label={say('hours.holidays')} description={say('hours.holidays.help')} value={holidays} onChange={(event) => setHolidays(event.currentTarget.value)} autosize minRows={2} maxRows={8} maxLength={6000} />
      <Textarea label={say('hours.extra')} description={say('hours.extra.help')} value={extra} onChange={(event) => setExtra(event.currentTarget.value)} autosize minRows={2} maxRows={8} maxLength={20000} error={dates === undefined ? say('hours.extra.wrong') : undefined} />
    </Form>
  );
}
