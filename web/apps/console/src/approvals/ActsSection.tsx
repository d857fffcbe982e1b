import { Table } from '@mantine/core';
import { WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { actsQuery, type Act } from '../api/actQueries';
import { Answer } from '../parts/Answer';
import { useNow } from '../parts/useNow';
import { ActCard, useWhat } from './ActCard';
import { actTexts } from './actTexts';

/** ActsSection is what waits for a second person with his passkey, and what became of the last ones. */
export function ActsSection({ confirms, onDone }: { confirms: boolean; onDone: (words: string) => void }) {
  const say = useTexts(actTexts);
  const acts = useQuery(actsQuery);
  const now = useNow(acts.data?.skew);
  return (
    <section aria-labelledby="acts" className="co-queue">
      <h2 id="acts">{say('title')}</h2>
      <p>{say(confirms ? 'lead' : 'lead.auditor')}</p>
      <Answer query={acts}>
        {(answer) => (
          <>
            {answer.alone && (
              <p className="co-note" data-tone="attention">
                <WarnIcon size={18} />
                <span>{say('alone')}</span>
              </p>
            )}
            {answer.open.length === 0 ? (
              <p className="co-quiet">{say('empty')}</p>
            ) : (
              <ul className="co-cards co-wide">
                {answer.open.map((act) => (
                  <li key={act.id}>
                    <ActCard act={act} now={now} onDone={onDone} />
                  </li>
                ))}
              </ul>
            )}
            {answer.closed.length > 0 && <Closed acts={answer.closed} />}
          </>
        )}
      </Answer>
    </section>
  );
}

function Closed({ acts }: { acts: Act[] }) {
  const say = useTexts(actTexts);
  const { language } = useLanguage();
  const what = useWhat();
  return (
    <details className="co-details">
      <summary>{say('closed')}</summary>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{say('asked')}</Table.Th>
            <Table.Th scope="col">{say('closed.what')}</Table.Th>
            <Table.Th scope="col">{say('by')}</Table.Th>
            <Table.Th scope="col">{say('closed.decider')}</Table.Th>
            <Table.Th scope="col">{say('closed.state')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {acts.map((act) => (
            <Table.Tr key={act.id}>
              <Table.Td>{act.asked === null ? '' : dateTime(act.asked, language)}</Table.Td>
              <Table.Td>{what(act)}</Table.Td>
              <Table.Td>{act.asker}</Table.Td>
              <Table.Td>{act.decider === '' ? '—' : act.decider}</Table.Td>
              <Table.Td>
                {say(`state.${act.state}`)}
                {act.reason !== '' && `（${act.reason}）`}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </details>
  );
}
