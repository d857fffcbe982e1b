import { Button, Group } from '@mantine/core';
import { BackIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { clientKeys, clientQuery } from '../api/clientQueries';
import { Client, type ClientFile } from '../api/clientViews';
import { Answer } from '../parts/Answer';
import { Confirm } from '../parts/Confirm';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { useMay } from '../session/useMay';
import { Auditors } from './Auditors';
import { ClientState } from './ClientsPage';
import { NameForm } from './NameForm';
import { Assignments } from './Assignments';
import { clientTexts } from './texts';
import { Works } from './Works';

/** ClientPage is one client company: works, people, auditors. */
export function ClientPage({ id }: { id: string }) {
  const say = useTexts(clientTexts);
  const allowed = useMay();
  const file = useQuery(clientQuery(id));
  const may = allowed('administrator', 'clients.manage');
  return (
    <>
      <Link to="/clients" className="co-back">
        <BackIcon size={18} />
        {say('to.list')}
      </Link>
      <PageHead title={file.data?.client.name ?? say('title')}>
        {file.data && (
          <>
            <ClientState client={file.data.client} />
            {may && <Acts file={file.data} />}
          </>
        )}
      </PageHead>
      <Answer query={file}>
        {(one) => (
          <>
            <Works file={one} may={may} />
            <Assignments file={one} may={may} />
            <Auditors file={one} may={may} />
          </>
        )}
      </Answer>
    </>
  );
}

function Acts({ file }: { file: ClientFile }) {
  const say = useTexts(clientTexts);
  const parts = useTexts(partTexts);
  const { client } = file;
  const [open, setOpen] = useState<'rename' | 'switch' | null>(null);
  const change = useAct((next: { name?: string; ended?: boolean }) => api.ask('PATCH', `/clients/${encodeURIComponent(client.id)}`, Client, next), clientKeys.clients);
  const act = client.ended === null ? 'end' : 'resume';
  return (
    <Group gap="sm">
      <Button variant="default" onClick={() => setOpen('rename')}>
        {say('rename')}
      </Button>
      <Button variant="default" {...(act === 'end' ? { c: 'beni.7' } : {})} onClick={() => setOpen('switch')}>
        {say(act)}
      </Button>
      {open === 'rename' && (
        <NameForm title={say('rename')} action={parts('save')} start={client.name} onSubmit={(name) => change.mutateAsync({ name })} onClose={() => setOpen(null)} />
      )}
      {open === 'switch' && (
        <Confirm
          title={say(`${act}.title`, { name: client.name })}
          consequences={act === 'end' ? [say('end.1'), say('end.2'), say('end.3')] : [say('resume.1')]}
          action={say(act)}
          danger={act === 'end'}
          reason="none"
          onConfirm={() => change.mutateAsync({ ended: act === 'end' })}
          onClose={() => setOpen(null)}
        />
      )}
    </Group>
  );
}
