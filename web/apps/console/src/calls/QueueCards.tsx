import { useTexts } from '@sekisho/ui/language';
import type { QueueNow } from '../api/callQueries';
import { length, percent } from './show';
import { callTexts } from './texts';

/** QueueCards shows each queue as a card: what is now, and what was today with its formulas. */
export function QueueCards({ queues }: { queues: QueueNow[] }) {
  return (
    <ul className="co-queues">
      {queues.map((queue) => (
        <li key={queue.id}>
          <Card queue={queue} />
        </li>
      ))}
    </ul>
  );
}

function Card({ queue }: { queue: QueueNow }) {
  const say = useTexts(callTexts);
  const today = queue.today;
  return (
    <article className="co-queue" data-tone={queue.waiting > 0 && queue.ready === 0 ? 'attention' : 'open'} aria-label={queue.name}>
      <header>
        <h3>{queue.name}</h3>
        <p className="co-quiet">{`${queue.client_name} ${queue.work_name}`}</p>
      </header>
      <dl className="co-queue-now">
        <Figure label={say('waiting')} value={String(queue.waiting)} />
        <Figure label={say('longest')} value={length(queue.longest)} />
        <Figure label={say('talking')} value={String(queue.talking)} />
        <Figure label={say('ready')} value={String(queue.ready)} />
        <Figure label={say('callbacks')} value={String(queue.callbacks)} />
      </dl>
      <dl className="co-queue-today" aria-label={say('today')}>
        <Figure label={say('sl')} value={percent(today.service_level)} how={say('sl.how')} />
        <Figure label={say('abandon')} value={percent(today.abandon_rate)} how={say('abandon.how')} />
        <Figure label={say('aht')} value={length(today.aht)} how={say('aht.how')} />
        <Figure label={say('asa')} value={length(today.asa)} how={say('asa.how')} />
      </dl>
      <p className="co-quiet sk-numbers">
        {say('today')}: {say('queued')} {today.queued} · {say('answered')} {today.answered} · {say('abandoned')} {today.abandoned}
      </p>
    </article>
  );
}

function Figure({ label, value, how }: { label: string; value: string; how?: string }) {
  return (
    <div>
      <dt>
        {label}
        {how && <small>{how}</small>}
      </dt>
      <dd className="sk-numbers">{value}</dd>
    </div>
  );
}
