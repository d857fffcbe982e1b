import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { elapsed } from '@sekisho/ui/time';
import type { Seat } from '../api/views';
import { toneOf } from './tone';
import { SeatState } from './SeatState';
import { floorTexts } from './texts';

/** SeatTiles is 座席表: one tile for each seat, the whole tile opens it. */
export function SeatTiles({ seats, now, onOpen }: { seats: Seat[]; now: number; onOpen: (seat: Seat) => void }) {
  return (
    <ul className="co-tiles">
      {seats.map((seat) => (
        <li key={seat.device}>
          <Tile seat={seat} now={now} onOpen={() => onOpen(seat)} />
        </li>
      ))}
    </ul>
  );
}

function Tile({ seat, now, onOpen }: { seat: Seat; now: number; onOpen: () => void }) {
  const say = useTexts(floorTexts);
  const ui = useTexts(uiTexts);
  return (
    <button type="button" className="co-tile" data-tone={toneOf[seat.group]} data-group={seat.group} onClick={onOpen}>
      <span className="co-tile-top">
        <SeatState seat={seat} />
        {seat.since !== null && (
          <span className="co-tile-time sk-numbers">
            <span className="co-hidden">{say('since')} </span>
            {elapsed(now - Date.parse(seat.since))}
          </span>
        )}
      </span>
      <span className="co-tile-name">{seat.name}</span>
      <span className="co-tile-facts">
        <span>{seat.asset_tag}</span>
        <span>{ui(seat.place === '' ? 'place.none' : `place.${seat.place}`)}</span>
        {seat.tier === 'C' && <span className="co-tile-flag">{ui('tier.name', { tier: seat.tier })}</span>}
        {seat.class === 'approved' && <span className="co-tile-flag">{say('class.approved')}</span>}
      </span>
    </button>
  );
}
