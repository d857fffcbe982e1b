import { SegmentedControl } from '@mantine/core';
import { DeviceIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { floorQuery } from '../api/queries';
import type { Seat } from '../api/views';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { useNow } from '../parts/useNow';
import { byAlert, groupOf, groups, tally, toneOf, type Group } from './order';
import { SeatPanel } from './SeatPanel';
import { SeatTable } from './SeatTable';
import { SeatTiles } from './SeatTiles';
import { floorTexts } from './texts';

type Show = 'tiles' | 'table';

/** FloorPage is 稼働状況: who is where, in which state, since when; what needs a person comes first. */
export function FloorPage() {
  const say = useTexts(floorTexts);
  const floor = useQuery(floorQuery);
  const [show, setShow] = useState<Show>('tiles');
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')}>
        <SegmentedControl
          aria-label={say('show.label')}
          value={show}
          onChange={(value) => setShow(value === 'table' ? 'table' : 'tiles')}
          data={[
            { value: 'tiles', label: say('show.tiles') },
            { value: 'table', label: say('show.table') },
          ]}
        />
      </PageHead>
      <Answer query={floor}>{(answer) => <Seats seats={answer.seats} skew={answer.skew} show={show} />}</Answer>
    </>
  );
}

function Seats({ seats, skew, show }: { seats: Seat[]; skew: number; show: Show }) {
  const say = useTexts(floorTexts);
  const parts = useTexts(partTexts);
  const now = useNow(skew);
  const [only, setOnly] = useState<Group | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  if (seats.length === 0) return <Empty icon={<DeviceIcon size={36} />} title={say('empty')} text={say('empty.do')} />;
  const shown = byAlert(seats).filter((seat) => only === null || groupOf(seat) === only);
  const open = seats.find((seat) => seat.device === chosen);
  return (
    <>
      <Summary seats={seats} only={only} onChoose={setOnly} />
      {shown.length === 0 && <p className="co-nothing">{parts('nothing.matches')}</p>}
      {show === 'tiles' ? <SeatTiles seats={shown} now={now} onOpen={setChosen} /> : <SeatTable seats={shown} now={now} onOpen={setChosen} />}
      {open && <SeatPanel seat={open} now={now} onClose={() => setChosen(null)} />}
    </>
  );
}

function Summary({ seats, only, onChoose }: { seats: Seat[]; only: Group | null; onChoose: (group: Group | null) => void }) {
  const say = useTexts(floorTexts);
  const counts = tally(seats);
  return (
    <div className="co-summary" role="group" aria-label={say('filter.label')}>
      <button type="button" aria-pressed={only === null} onClick={() => onChoose(null)}>
        <span>{say('group.all')}</span>
        <b className="sk-numbers">{seats.length}</b>
      </button>
      {groups.map((group) => (
        <button
          key={group}
          type="button"
          aria-pressed={only === group}
          data-tone={counts[group] > 0 ? toneOf[group] : 'quiet'}
          onClick={() => onChoose(only === group ? null : group)}
        >
          <span>{say(`group.${group}`)}</span>
          <b className="sk-numbers">{counts[group]}</b>
        </button>
      ))}
    </div>
  );
}
