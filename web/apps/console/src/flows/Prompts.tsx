import { Button, FileInput, Group, SegmentedControl, TextInput } from '@mantine/core';
import { EyeIcon } from '@sekisho/ui/icons';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState } from 'react';
import { api, query } from '../api/client';
import { flowKeys, Prompt, sound } from '../api/flowQueries';
import { Form } from '../clients/Form';
import { Confirm } from '../parts/Confirm';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { useAct } from '../parts/useAct';
import { flowPartTexts } from './partTexts';
import { useMayDraw } from './useMayDraw';
import { usePlayer } from './usePlayer';

type Open = { is: 'new' } | { is: 'upload' | 'delete'; prompt: Prompt } | null;
const largest = 32 * 1024 * 1024;

/** Prompts are the announcements: their sounds, heard and uploaded here. */
export function Prompts({ client, prompts }: { client: string; prompts: Prompt[] }) {
  const say = useTexts(flowPartTexts);
  const may = useMayDraw();
  const player = usePlayer();
  const [open, setOpen] = useState<Open>(null);
  const remove = useAct((id: string) => api.tell('DELETE', query(`/prompts/${id}`, { client })), flowKeys.parts(client));
  const heard = (one: Prompt, language: 'ja' | 'en') => {
    const length = language === 'ja' ? one.ja_ms : one.en_ms;
    if (length === 0) return <span className="co-quiet">{say('prompt.no')}</span>;
    const now = player.playing === `${one.id} ${language}`;
    return (
      <Group gap={8} wrap="nowrap">
        <span className="sk-numbers">{say('prompt.length', { length: (length / 1000).toFixed(1) })}</span>
        <Button variant="default" size="compact-sm" aria-label={now ? undefined : say('play.of', { name: one.name, language: say(`prompt.${language}`) })} onClick={() => (now ? player.stop() : void player.play(one.id, language))}>
          {say(now ? 'stop' : 'play')}
        </Button>
      </Group>
    );
  };
  const columns: Column<Prompt>[] = [
    { id: 'name', label: say('name'), show: (one) => <b>{one.name}</b>, sort: (one) => one.name },
    { id: 'ja', label: say('prompt.ja'), show: (one) => heard(one, 'ja'), width: '13rem' },
    { id: 'en', label: say('prompt.en'), show: (one) => heard(one, 'en'), width: '13rem' },
  ];
  if (may)
    columns.push({
      id: 'acts',
      label: say('change'),
      show: (one) => (
        <Group gap={8} wrap="nowrap">
          <Button variant="default" size="compact-sm" aria-label={say('upload.of', { name: one.name })} onClick={() => setOpen({ is: 'upload', prompt: one })}>
            {say('upload')}
          </Button>
          <Button variant="subtle" size="compact-sm" aria-label={say('delete.of', { name: one.name })} onClick={() => setOpen({ is: 'delete', prompt: one })}>
            {say('delete')}
          </Button>
        </Group>
      ),
      width: '15rem',
    });
  const make = may && <Button onClick={() => setOpen({ is: 'new' })}>{say('prompt.new')}</Button>;
  return (
    <>
      {player.failure !== null && <ProblemNotice problem={problemOf(player.failure)} />}
      {prompts.length === 0 ? (
        <Empty icon={<EyeIcon size={36} />} title={say('prompt.none')} text={say('prompt.none.do')}>{make}</Empty>
      ) : (
        <>
          <Group justify="flex-end" mb="sm">{make}</Group>
          <DataTable label={say('tab.prompts')} rows={prompts} columns={columns} rowKey={(one) => one.id} />
        </>
      )}
      {open?.is === 'new' && <NewPrompt client={client} onClose={() => setOpen(null)} />}
      {open?.is === 'upload' && <Upload client={client} prompt={open.prompt} onClose={() => setOpen(null)} />}
      {open?.is === 'delete' && (
        <Confirm title={say('delete.of', { name: open.prompt.name })} consequences={[say('delete.back')]} action={say('delete')} danger reason="none" onConfirm={() => remove.mutateAsync(open.prompt.id)} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

function NewPrompt({ client, onClose }: { client: string; onClose: () => void }) {
  const say = useTexts(flowPartTexts);
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const tidy = name.normalize('NFKC').trim();
  const make = useAct(() => api.ask('POST', '/prompts', Prompt, { client, name: tidy }), flowKeys.parts(client));
  const ready = () => {
    setMissing(tidy === '');
    return tidy !== '';
  };
  return (
    <Form title={say('prompt.new')} action={say('prompt.new')} ready={ready} onSubmit={() => make.mutateAsync()} onClose={onClose}>
      <TextInput label={say('name')} value={name} onChange={(event) => setName(event.currentTarget.value)} error={missing && tidy === '' ? say('name.missing') : undefined} maxLength={100} data-autofocus />
    </Form>
  );
}

function Upload({ client, prompt, onClose }: { client: string; prompt: Prompt; onClose: () => void }) {
  const say = useTexts(flowPartTexts);
  const [language, setLanguage] = useState('ja');
  const [file, setFile] = useState<File | null>(null);
  const [missing, setMissing] = useState(false);
  const large = file !== null && file.size > largest;
  const send = useAct((wav: File) => sound(query('/prompts/sound', { client, id: prompt.id, language }), wav), flowKeys.parts(client));
  const ready = () => {
    setMissing(file === null);
    return file !== null && !large;
  };
  return (
    <Form title={say('upload.of', { name: prompt.name })} action={say('upload')} ready={ready} onSubmit={async () => file && send.mutateAsync(file)} onClose={onClose}>
      <SegmentedControl aria-label={say('upload.language')} data={[{ value: 'ja', label: say('prompt.ja') }, { value: 'en', label: say('prompt.en') }]} value={language} onChange={setLanguage} />
      <FileInput
        label={say('upload.file')}
        description={say('upload.help')}
        accept="audio/wav,audio/x-wav,.wav"
        value={file}
        onChange={setFile}
        error={large ? say('upload.large') : missing && file === null ? say('upload.missing') : undefined}
      />
    </Form>
  );
}
