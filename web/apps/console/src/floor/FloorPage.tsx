import { SegmentedControl } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { DeviceIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { longestWords, type Page } from '../api/paging';
import { floorQuery, seatQuery } from '../api/queries';
import { groups, type Group, type Seat } from '../api/views';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { PageHead } from '../parts/PageHead';
import { Found, Rows } from '../parts/Rows';
import { useListing } from '../parts/useListing';
import { useNow } from '../parts/useNow';
import { SeatPanel } from './SeatPanel';
import { SeatTable } from './SeatTable';
import { SeatTiles } from './SeatTiles';
import { floorTexts } from './texts';
import { toneOf } from './tone';

type Show = 'tiles' | 'table';
const everything: { group: Group | '' } = { group: '' };

/** FloorPage is 稼働状況: who is where, in which state, since when; what needs a person comes first. */
export function FloorPage() {
  const say = useTexts(floorTexts);
  const list = useListing(everything);
  const [show, setShow] = useState<Show>('tiles');
  // Tiles stand in the floor's own order; a table may be sorted.
  const floor = useQuery(floorQuery(show === 'tiles' ? { ...list.asked, sort: undefined, desc: undefined } : list.asked));
  const [chosen, setChosen] = useState<Seat | null>(null);
  const page = floor.data?.page;
  const now = useNow(floor.data?.skew ?? 0);
  const server = { order: list.order, onOrder: list.setOrder };
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
      {page?.all !== 0 && (
        <div className="co-filters">
          <ImeInput label={say('filter.text')} value={list.text} onChange={list.setText} maxLength={longestWords} />
          <Found page={page} />
        </div>
      )}
      <Answer query={floor}>
        {(answer) =>
          answer.page.all === 0 ? (
            <Empty icon={<DeviceIcon size={36} />} title={say('empty')} text={say('empty.do')} />
          ) : (
            <>
              <Summary page={answer.page} only={list.filters.group} onChoose={(group) => list.setFilters({ group })} />
              <Rows label={say('title')} page={answer.page} query={floor} onMove={list.setOffset}>
                {show === 'tiles' ? <SeatTiles seats={answer.seats} now={now} onOpen={setChosen} /> : <SeatTable seats={answer.seats} now={now} server={server} onOpen={setChosen} />}
              </Rows>
            </>
          )
        }
      </Answer>
      {chosen && <Opened seat={chosen} now={now} onClose={() => setChosen(null)} />}
    </>
  );
}

/** Opened follows the seat that was opened, also when it leaves the page that is shown. It is nothing once the seat is gone. */
function Opened({ seat, now, onClose }: { seat: Seat; now: number; onClose: () => void }) {
  const one = useQuery(seatQuery(seat.device));
  const current = one.data ? one.data.seats[0] : seat;
  return current ? <SeatPanel seat={current} now={now} onClose={onClose} /> : null;
}

function Summary({ page, only, onChoose }: { page: Page; only: Group | ''; onChoose: (group: Group | '') => void }) {
  const say = useTexts(floorTexts);
  const all = groups.reduce((sum, group) => sum + (page.counts[group] ?? 0), 0);
  return (
    <div className="co-summary" role="group" aria-label={say('filter.label')}>
      <button type="button" aria-pressed={only === ''} onClick={() => onChoose('')}>
        <span>{say('group.all')}</span>
        <b className="sk-numbers">{all}</b>
      </button>
      {groups.map((group) => (
        <button
          key={group}
          type="button"
          aria-pressed={only === group}
          data-tone={(page.counts[group] ?? 0) > 0 ? toneOf[group] : 'quiet'}
          onClick={() => onChoose(only === group ? '' : group)}
        >
          <span>{say(`group.${group}`)}</span>
          <b className="sk-numbers">{page.counts[group] ?? 0}</b>
        </button>
      ))}
    </div>
  );
}
