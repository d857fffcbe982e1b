import { Button, Group } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { poolsQuery, type Pool } from '../api/poolQueries';
import { sessionQuery } from '../api/queries';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { SeatsIcon } from '../parts/icons';
import { PageHead } from '../parts/PageHead';
import { AddDialog, EndDialog, NewDialog, OutDialog, type Out } from './dialogs';
import { PoolBlock } from './PoolBlock';
import { poolTexts } from './texts';

type Open = { kind: 'new' } | { kind: 'person' | 'pc' | 'end'; pool: Pool } | { kind: 'out'; pool: Pool; out: Out };

/** PoolsPage shows who shares which PCs, and lets administrators change it. */
export function PoolsPage() {
  const say = useTexts(poolTexts);
  const pools = useQuery(poolsQuery);
  const session = useQuery(sessionQuery);
  const may = session.data?.person?.roles.includes('administrator') ?? false;
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const make = may && <Button onClick={() => setOpen({ kind: 'new' })}>{say('new')}</Button>;
  return (
    <>
      <PageHead title={say('title')} lead={may ? say('lead') : `${say('lead')} ${say('read.only')}`} />
      <Answer query={pools}>
        {(answer) =>
          answer.pools.length === 0 ? (
            <Empty icon={<SeatsIcon />} title={say('empty.title')} text={say('empty.text')}>
              {make}
            </Empty>
          ) : (
            <>
              <Group mb="md">{make}</Group>
              {answer.pools.map((pool) => (
                <PoolBlock key={pool.id} pool={pool} may={may} onAdd={(kind) => setOpen({ kind, pool })} onOut={(out) => setOpen({ kind: 'out', pool, out })} onEnd={() => setOpen({ kind: 'end', pool })} />
              ))}
            </>
          )
        }
      </Answer>
      {open?.kind === 'new' && <NewDialog onClose={close} />}
      {(open?.kind === 'person' || open?.kind === 'pc') && <AddDialog kind={open.kind} pool={open.pool} onClose={close} />}
      {open?.kind === 'out' && <OutDialog pool={open.pool} out={open.out} onClose={close} />}
      {open?.kind === 'end' && <EndDialog pool={open.pool} onClose={close} />}
    </>
  );
}
