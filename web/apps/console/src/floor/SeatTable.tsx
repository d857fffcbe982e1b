import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { elapsed } from '@sekisho/ui/time';
import { useMemo } from 'react';
import type { Seat } from '../api/views';
import { DataTable, type Column } from '../parts/DataTable';
import { groupOf, groups } from './order';
import { SeatState } from './SeatState';
import { floorTexts } from './texts';

/** SeatTable is the floor as rows, for many seats and for screen readers. */
export function SeatTable({ seats, now, onOpen }: { seats: Seat[]; now: number; onOpen: (device: string) => void }) {
  const say = useTexts(floorTexts);
  const ui = useTexts(uiTexts);
  const columns = useMemo<Column<Seat>[]>(
    () => [
      { id: 'state', label: say('col.state'), show: (seat) => <SeatState seat={seat} />, sort: (seat) => groups.indexOf(groupOf(seat)) },
      { id: 'name', label: say('col.name'), show: (seat) => <b>{seat.name}</b>, sort: (seat) => seat.name },
      { id: 'pc', label: say('col.pc'), show: (seat) => seat.asset_tag, sort: (seat) => seat.asset_tag },
      { id: 'place', label: say('col.place'), show: (seat) => ui(seat.place === '' ? 'place.none' : `place.${seat.place}`), sort: (seat) => seat.place },
      { id: 'tier', label: say('col.tier'), show: (seat) => (seat.tier === '' ? ui('tier.none') : seat.tier), sort: (seat) => seat.tier },
      {
        id: 'since',
        label: say('col.since'),
        numbers: true,
        show: (seat) => (seat.since === null ? '—' : elapsed(now - Date.parse(seat.since))),
        sort: (seat) => (seat.since === null ? 0 : -Date.parse(seat.since)),
      },
      {
        id: 'act',
        label: say('col.act'),
        show: (seat) => (
          <Button variant="default" size="compact-sm" onClick={() => onOpen(seat.device)} aria-label={say('details', { name: seat.name })}>
            {say('details.short')}
          </Button>
        ),
      },
    ],
    [say, ui, now, onOpen],
  );
  return <DataTable label={say('title')} rows={seats} columns={columns} rowKey={(seat) => seat.device} />;
}
