import { Button } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { DeviceIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import type { KnownKey } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { ImportDialog } from './ImportDialog';
import { fitsKey, nameOf, shownRows } from './list';
import { attestationTexts } from './texts';

/** KeysPanel is the allow-list of endorsement keys. */
export function KeysPanel({ known, may }: { known: KnownKey[]; may: boolean }) {
  const say = useTexts(attestationTexts);
  const parts = useTexts(partTexts);
  const [text, setText] = useState('');
  const [importing, setImporting] = useState(false);
  const [removing, setRemoving] = useState<KnownKey | null>(null);
  const found = useMemo(() => known.filter((one) => fitsKey(one, text)), [known, text]);
  return (
    <section className="co-block">
      <div className="co-head">
        <div className="co-head-words">
          <h2>{say('keys.title')}</h2>
          <p>{say('keys.lead')}</p>
        </div>
        {may && (
          <div className="co-head-acts">
            <Button leftSection={<PlusIcon size={18} />} onClick={() => setImporting(true)}>
              {say('import')}
            </Button>
          </div>
        )}
      </div>
      {known.length === 0 ? (
        <Empty icon={<DeviceIcon size={36} />} title={say('keys.empty')} text={say('keys.empty.do')} />
      ) : (
        <>
          <div className="co-filters">
            <ImeInput label={say('keys.filter')} value={text} onChange={setText} />
            <p role="status" className="co-found">
              {parts('count.of', { count: Math.min(found.length, shownRows), all: known.length })}
            </p>
          </div>
          {found.length === 0 ? <p className="co-nothing">{parts('nothing.matches')}</p> : <KeyTable rows={found.slice(0, shownRows)} may={may} onRemove={setRemoving} />}
        </>
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
      {removing && <Removal one={removing} onClose={() => setRemoving(null)} />}
    </section>
  );
}

type KeyTableProps = { rows: KnownKey[]; may: boolean; onRemove: (one: KnownKey) => void };

function KeyTable({ rows, may, onRemove }: KeyTableProps) {
  const say = useTexts(attestationTexts);
  const { language } = useLanguage();
  const columns = useMemo<Column<KnownKey>[]>(() => {
    const all: Column<KnownKey>[] = [
      { id: 'label', label: say('col.label'), show: (one) => one.label || say('label.none'), sort: (one) => one.label },
      { id: 'ek', label: say('col.ek'), show: (one) => <span className="co-id">{one.ek}</span>, sort: (one) => one.ek },
      { id: 'added', label: say('col.added'), numbers: true, show: (one) => (one.added === null ? '—' : dateTime(one.added, language)), sort: (one) => Date.parse(one.added ?? '') || 0 },
    ];
    if (!may) return all;
    all.splice(2, 0, {
      id: 'device',
      label: say('col.device'),
      show: (one) => <DeviceOf known={one} />,
      sort: (one) => one.asset_tag,
    });
    all.push({
      id: 'act',
      label: say('col.act'),
      show: (one) => (
        <Button variant="default" size="compact-sm" onClick={() => onRemove(one)} aria-label={say('remove.of', { name: nameOf(one) })}>
          {say('remove')}
        </Button>
      ),
    });
    return all;
  }, [say, language, may, onRemove]);
  return <DataTable label={say('keys.title')} rows={rows} columns={columns} rowKey={(one) => one.ek} />;
}

function DeviceOf({ known }: { known: KnownKey }) {
  if (known.device === '') return '—';
  return (
    <Link to="/devices/$id" params={{ id: known.device }} className="co-link">
      {known.asset_tag}
    </Link>
  );
}

function Removal({ one, onClose }: { one: KnownKey; onClose: () => void }) {
  const say = useTexts(attestationTexts);
  const remove = useAct(() => api.tell('DELETE', `/attestation/keys/${one.ek}`), keys.attestation);
  return (
    <Confirm
      title={say('remove.title', { name: nameOf(one) })}
      consequences={[say('remove.1'), say('remove.2')]}
      action={say('remove.do')}
      danger
      reason="none"
      onConfirm={() => remove.mutateAsync()}
      onClose={onClose}
    />
  );
}
