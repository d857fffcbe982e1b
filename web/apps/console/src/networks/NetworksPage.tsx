import { Button, Group, Textarea } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { Network, networkKeys, networksQuery } from '../api/networkQueries';
import { sessionQuery } from '../api/queries';
import { Form } from '../clients/Form';
import { Answer } from '../parts/Answer';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { OfficeSection } from '../offices/OfficeSection';
import { linesOf } from './lines';
import { networkTexts } from './texts';

/** NetworksPage says from where each door can be reached. */
export function NetworksPage() {
  const say = useTexts(networkTexts);
  const networks = useQuery(networksQuery);
  const session = useQuery(sessionQuery);
  const may = session.data?.person?.roles.includes('administrator') ?? false;
  const [open, setOpen] = useState<Network | null>(null);
  return (
    <>
      <PageHead title={say('title')} lead={may ? say('lead') : `${say('lead')} ${say('read.only')}`} />
      <Answer query={networks}>
        {(answer) => (
          <>
            <p className="co-quiet">{answer.source === '' ? say('source.none') : say('source', { address: answer.source })}</p>
            {answer.lists.map((list) => (
              <section key={list.door} className="co-block" aria-labelledby={`door-${list.door}`}>
                <Group justify="space-between" mb="xs">
                  <h2 id={`door-${list.door}`}>{say(`door.${list.door}`)}</h2>
                  {may && (
                    <Button variant="default" size="compact-md" onClick={() => setOpen(list)} aria-label={say('change.of', { door: say(`door.${list.door}`) })}>
                      {say('change')}
                    </Button>
                  )}
                </Group>
                <p>{say(`door.${list.door}.help`)}</p>
                {list.ranges.length === 0 ? (
                  <p className="co-quiet">{say('everywhere')}</p>
                ) : (
                  <ul className="co-viewers">
                    {list.ranges.map((range) => (
                      <li key={range} className="co-id">
                        {range}
                      </li>
                    ))}
                  </ul>
                )}
              </section>
            ))}
            <OfficeSection may={may} />
            {open && <RangesForm list={open} source={answer.source} onClose={() => setOpen(null)} />}
          </>
        )}
      </Answer>
    </>
  );
}

function RangesForm({ list, source, onClose }: { list: Network; source: string; onClose: () => void }) {
  const say = useTexts(networkTexts);
  const parts = useTexts(partTexts);
  const [text, setText] = useState(list.ranges.join('\n'));
  const put = useAct((ranges: string[]) => api.ask('PUT', `/networks/${list.door}`, Network, { seen: list.version, ranges }), networkKeys.networks);
  return (
    <Form title={say('change.of', { door: say(`door.${list.door}`) })} action={parts('save')} ready={() => true} onSubmit={() => put.mutateAsync(linesOf(text))} onClose={onClose}>
      <p>{say(`door.${list.door}.help`)}</p>
      <Textarea label={say('ranges')} description={say('ranges.help')} value={text} onChange={(event) => setText(event.currentTarget.value)} autosize minRows={4} maxRows={12} spellCheck={false} classNames={{ input: 'co-cedar' }} data-autofocus />
      {source !== '' && (
        <Group>
          <Button variant="default" size="compact-sm" onClick={() => setText([...linesOf(text), source].join('\n'))}>
            {say('own')}
          </Button>
        </Group>
      )}
    </Form>
  );
}
