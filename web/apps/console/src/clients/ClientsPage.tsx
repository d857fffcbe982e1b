import { Button } from '@mantine/core';
import { CheckIcon, InfoIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '../api/client';
import { clientKeys, clientsQuery } from '../api/clientQueries';
import { Client } from '../api/clientViews';
import { sessionQuery } from '../api/queries';
import { Answer } from '../parts/Answer';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { CompanyIcon, PlusIcon } from '../parts/icons';
import { Mark } from '../parts/Mark';
import { PageHead } from '../parts/PageHead';
import { useAct } from '../parts/useAct';
import { useMay } from '../session/useMay';
import { NameForm } from './NameForm';
import { clientTexts } from './texts';

/** ClientsPage lists the client companies; a client's auditor finds his own. */
export function ClientsPage() {
  const say = useTexts(clientTexts);
  const session = useQuery(sessionQuery);
  const allowed = useMay();
  const clients = useQuery(clientsQuery);
  const me = session.data?.person;
  const may = allowed('administrator', 'clients.manage');
  const [adding, setAdding] = useState(false);
  const create = useAct((name: string) => api.ask('POST', '/clients', Client, { name }), clientKeys.clients);
  return (
    <>
      <PageHead title={say('title')} lead={say(me?.client ? 'lead.own' : 'lead')}>
        {may && (
          <Button leftSection={<PlusIcon size={18} />} onClick={() => setAdding(true)}>
            {say('new')}
          </Button>
        )}
      </PageHead>
      <Answer query={clients}>
        {(answer) =>
          answer.clients.length === 0 ? (
            <Empty icon={<CompanyIcon size={36} />} title={say('empty')} text={may ? say('empty.do') : ''} />
          ) : (
            <ClientTable clients={answer.clients} />
          )
        }
      </Answer>
      {adding && <NameForm title={say('new')} action={say('add')} start="" onSubmit={(name) => create.mutateAsync(name)} onClose={() => setAdding(false)} />}
    </>
  );
}

function ClientTable({ clients }: { clients: Client[] }) {
  const say = useTexts(clientTexts);
  const columns = useMemo<Column<Client>[]>(
    () => [
      {
        id: 'name',
        label: say('col.name'),
        show: (one) => (
          <Link to="/clients/$id" params={{ id: one.id }} className="co-link">
            {one.name}
          </Link>
        ),
        sort: (one) => one.name,
      },
      { id: 'state', label: say('col.state'), show: (one) => <ClientState client={one} />, sort: (one) => (one.ended === null ? 0 : 1) },
    ],
    [say],
  );
  return <DataTable label={say('title')} rows={clients} columns={columns} rowKey={(one) => one.id} />;
}

/** ClientState says whether the contract goes on. */
export function ClientState({ client }: { client: Client }) {
  const say = useTexts(clientTexts);
  return client.ended === null ? (
    <Mark tone="open" icon={<CheckIcon size={16} />}>
      {say('state.on')}
    </Mark>
  ) : (
    <Mark tone="quiet" icon={<InfoIcon size={16} />}>
      {say('state.ended')}
    </Mark>
  );
}
