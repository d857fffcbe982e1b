import { Button, Group } from '@mantine/core';
import { WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useMemo } from 'react';
import type { Numbers, OwnNumber } from '../api/telephoneQueries';
import { DataTable, type Column } from '../parts/DataTable';
import { Mark } from '../parts/Mark';
import { trunkTexts } from './texts';

type Props = { around: Numbers; may: boolean; onNew: () => void; onOpen: (what: 'place' | 'let', number: OwnNumber) => void };

/** NumbersBlock lists our numbers and where their calls go. */
export function NumbersBlock({ around, may, onNew, onOpen }: Props) {
  const say = useTexts(trunkTexts);
  const columns = useMemo<Column<OwnNumber>[]>(() => {
    const work = (one: OwnNumber) => {
      const found = around.works.find((each) => each.id === one.work);
      return found ? say('work.of', { work: found.name, client: found.client_name }) : say('number.work.ended');
    };
    const flow = (one: OwnNumber) => around.flows.find((each) => each.id === one.flow)?.name;
    return [
      { id: 'number', label: say('number'), show: (one) => <b className="co-whole">{one.number}</b>, sort: (one) => one.number },
      { id: 'trunk', label: say('number.trunk'), show: (one) => one.trunk_name, sort: (one) => one.trunk_name },
      { id: 'work', label: say('number.work'), show: work, sort: work },
      {
        id: 'flow',
        label: say('number.flow'),
        show: (one) =>
          one.standing ? (
            flow(one)
          ) : (
            <Mark tone="attention" icon={<WarnIcon size={16} />}>
              {say('number.unanswered')}
            </Mark>
          ),
        sort: (one) => flow(one) ?? '',
      },
      ...(may
        ? [
            {
              id: 'act',
              label: say('act'),
              show: (one: OwnNumber) => (
                <Group gap="xs" wrap="nowrap">
                  <Button variant="default" size="compact-sm" onClick={() => onOpen('place', one)} aria-label={say('number.edit.of', { number: one.number })}>
                    {say('number.edit')}
                  </Button>
                  <Button variant="default" size="compact-sm" onClick={() => onOpen('let', one)} aria-label={say('remove.of', { name: one.number })}>
                    {say('remove')}
                  </Button>
                </Group>
              ),
            },
          ]
        : []),
    ];
  }, [say, around, may, onOpen]);
  const ready = around.trunks.length > 0 && around.works.length > 0 && around.flows.length > 0;
  return (
    <section className="co-block co-apart" aria-labelledby="own-numbers">
      <Group justify="space-between" mb="xs">
        <h2 id="own-numbers">{say('own')}</h2>
        {may && (
          <Button variant="default" onClick={onNew} disabled={!ready}>
            {say('number.new')}
          </Button>
        )}
      </Group>
      {may && !ready && <p className="co-quiet">{say('own.first')}</p>}
      {around.numbers.length === 0 ? <p className="co-quiet">{say('own.none')}</p> : <DataTable label={say('own.list')} rows={around.numbers} columns={columns} rowKey={(one) => one.number} />}
    </section>
  );
}
