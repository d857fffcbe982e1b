import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { devicesQuery } from '../api/queries';
import { queueTexts } from './deputyTexts';

/** PendingPCs lists the PCs that wait for an administrator to compare their fingerprint. It is nothing while none does. */
export function PendingPCs() {
  const say = useTexts(queueTexts);
  const devices = useQuery(devicesQuery({ state: 'pending' }));
  const waiting = devices.data?.devices ?? [];
  const more = (devices.data?.page.found ?? 0) - waiting.length;
  if (waiting.length === 0) return null;
  return (
    <section aria-labelledby="pending-pcs" className="co-block co-queue">
      <h2 id="pending-pcs">{say('pcs')}</h2>
      <p>{say('pcs.lead')}</p>
      <ul>
        {waiting.map((one) => (
          <li key={one.id}>
            <Link to="/devices/$id" params={{ id: one.id }}>
              {say('pcs.open', { tag: one.asset_tag })}
            </Link>{' '}
            {one.person_name !== '' && say('pcs.since', { name: one.person_name })}
          </li>
        ))}
        {more > 0 && (
          <li>
            <Link to="/devices">{say('pcs.more', { count: more })}</Link>
          </li>
        )}
      </ul>
    </section>
  );
}
