import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { elapsed } from '@sekisho/ui/time';
import { useMemo } from 'react';
import type { Seat } from '../api/views';
import { DataTable, type Column, type DataTableProps } from '../parts/DataTable';
import { SeatState } from './SeatState';
import { floorTexts } from './texts';

type Props = { seats: Seat[]; now: number; server: DataTableProps<Seat>['server']; onOpen: (seat: Seat) => void };

/** SeatTable is the floor as rows, for many seats and for screen readers. */
export function SeatTable({ seats, now, server, onOpen }: Props) {
  const say = useTexts(floorTexts);
  const ui = useTexts(uiTexts);
  const columns = useMemo<Column<Seat>[]>(
    () => [
      { id: 'state', label: say('col.state'), show: (seat) => <SeatState seat={seat} />, sort: 'server' },
      { id: 'name', label: say('col.name'), show: (seat) => <b>{seat.name}</b>, sort: 'server' },
      { id: 'pc', label: say('col.pc'), show: (seat) => seat.asset_tag, sort: 'server' },
      { id: 'place', label: say('col.place'), show: (seat) => ui(seat.place === '' ? 'place.none' : `place.${seat.place}`), sort: 'server' },
      { id: 'tier', label: say('col.tier'), show: (seat) => (seat.tier === '' ? ui('tier.none') : seat.tier), sort: 'server' },
      {
        id: 'since',
        label: say('col.since'),
        numbers: true,
        show: (seat) => (seat.since === null ? '—' : elapsed(now - Date.parse(seat.since))),
        sort: 'server',
      },
      {
        id: 'act',
        label: say('col.act'),
        show: (seat) => (
          <Button variant="default" size="compact-sm" onClick={() => onOpen(seat)} aria-label={say('details', { name: seat.name })}>
            {say('details.short')}
          </Button>
        ),
      },
    ],
    [say, ui, now, onOpen],
  );
  return <DataTable label={say('title')} rows={seats} columns={columns} rowKey={(seat) => seat.device} server={server} />;
}
