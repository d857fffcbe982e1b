import { Button, Group, TextInput } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '../api/client';
import { FlowFile, flowKeys, flowsQuery, type FlowClient, type FlowRow } from '../api/flowQueries';
import { Form } from '../clients/Form';
import { Answer } from '../parts/Answer';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { CompanyIcon } from '../parts/icons';
import { Mark } from '../parts/Mark';
import { PageHead } from '../parts/PageHead';
import { useAct } from '../parts/useAct';
import { useMayDraw } from './useMayDraw';
import './flows.css';
import { flowTexts } from './texts';

/** FlowsPage lists call flows by client company, with the version that is in force. */
export function FlowsPage() {
  const say = useTexts(flowTexts);
  const flows = useQuery(flowsQuery);
  const may = useMayDraw();
  const [making, setMaking] = useState<FlowClient | null>(null);
  return (
    <>
      <PageHead title={say('title')} lead={may ? say('lead') : `${say('lead')} ${say('read.only')}`} />
      <Answer query={flows}>
        {({ clients }) =>
          clients.length === 0 ? (
            <Empty icon={<CompanyIcon size={36} />} title={say('none.clients')} text={say('none.clients.do')} />
          ) : (
            clients.map((one) => <ClientBlock key={one.id} client={one} may={may} onNew={() => setMaking(one)} />)
          )
        }
      </Answer>
      {making && <NewFlow client={making} onClose={() => setMaking(null)} />}
    </>
  );
}

function ClientBlock({ client, may, onNew }: { client: FlowClient; may: boolean; onNew: () => void }) {
  const say = useTexts(flowTexts);
  const { language } = useLanguage();
  const columns = useMemo<Column<FlowRow>[]>(
    () => [
      { id: 'name', label: say('name'), show: (one) => <Link className="co-link" to="/flows/$id" params={{ id: one.id }}>{one.name}</Link>, sort: (one) => one.name },
      {
        id: 'published',
        label: say('col.published'),
        show: (one) => (one.ended !== null ? <Mark tone="quiet">{say('ended')}</Mark> : one.published === 0 ? <Mark tone="attention">{say('unpublished')}</Mark> : <Mark tone="open">{say('version', { number: one.published })}</Mark>),
        sort: (one) => one.published,
        width: '12rem',
      },
      { id: 'changed', label: say('col.changed'), show: (one) => dateTime(one.changed, language), sort: (one) => one.changed, numbers: true, width: '14rem' },
    ],
    [say, language],
  );
  return (
    <section className="co-block" aria-labelledby={`flows-${client.id}`}>
      <Group justify="space-between" mb="xs">
        <h2 id={`flows-${client.id}`}>{client.name}</h2>
        <Group gap="sm">
          <Link className="co-link" to="/flows/parts/$client" params={{ client: client.id }} aria-label={say('parts.of', { name: client.name })}>
            {say('parts')}
          </Link>
          {may && (
            <Button variant="default" size="compact-md" onClick={onNew} aria-label={say('new.of', { name: client.name })}>
              {say('new')}
            </Button>
          )}
        </Group>
      </Group>
      {client.flows.length === 0 ? <p className="co-quiet">{say('none')}</p> : <DataTable label={`${say('title')}: ${client.name}`} rows={client.flows} columns={columns} rowKey={(one) => one.id} />}
    </section>
  );
}

function NewFlow({ client, onClose }: { client: FlowClient; onClose: () => void }) {
  const say = useTexts(flowTexts);
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const make = useAct((text: string) => api.ask('POST', '/flows', FlowFile, { client: client.id, name: text }), flowKeys.all);
  const tidy = name.normalize('NFKC').trim();
  return (
    <Form
      title={say('new.of', { name: client.name })}
      action={say('new')}
      ready={() => {
        setMissing(tidy === '');
        return tidy !== '';
      }}
      onSubmit={() => make.mutateAsync(tidy, { onSuccess: (flow) => void navigate({ to: '/flows/$id', params: { id: flow.id } }) })}
      onClose={onClose}
    >
      <TextInput label={say('name')} description={say('name.help')} value={name} onChange={(event) => setName(event.currentTarget.value)} error={missing && tidy === '' ? say('name.missing') : undefined} maxLength={100} data-autofocus />
    </Form>
  );
}
