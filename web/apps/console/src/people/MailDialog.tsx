import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf } from '@sekisho/wire/problem';
import { z } from '@sekisho/wire/z';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { components } from '../api/schema';
import type { Person } from '../api/views';
import { Answer } from '../parts/Answer';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { mailTexts } from './mailTexts';

const MailAddress = z.object({ on: z.boolean(), address: z.string(), language: z.enum(['ja', 'en']) }) satisfies z.ZodType<Omit<components['schemas']['MailAddressView'], '$schema'>>;
type MailAddress = z.infer<typeof MailAddress>;

const pathOf = (id: string) => `/people/${encodeURIComponent(id)}/mail`;
const mailKey = (id: string) => ['mail', id] as const;
const mailQuery = (id: string) => queryOptions({ queryKey: mailKey(id), queryFn: ({ signal }) => api.ask('GET', pathOf(id), MailAddress, undefined, signal) });

/** MailDialog says where a person is reminded by mail, if anywhere. */
export function MailDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const say = useTexts(mailTexts);
  const mail = useQuery(mailQuery(person.id));
  return (
    <Dialog title={say('of', { name: person.name })} size="lg" onClose={onClose}>
      <Answer query={mail}>{(answer) => <Form id={person.id} start={answer} onClose={onClose} />}</Answer>
    </Dialog>
  );
}

function Form({ id, start, onClose }: { id: string; start: MailAddress; onClose: () => void }) {
  const say = useTexts(mailTexts);
  const parts = useTexts(partTexts);
  const [address, setAddress] = useState(start.address);
  const [language, setLanguage] = useState(start.language);
  const save = useAct((to: string) => api.tell('PUT', pathOf(id), { address: to, language }), mailKey(id));
  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate(plain(address), { onSuccess: onClose });
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {!start.on && (
          <p className="co-note" data-tone="attention">
            {say('off')}
          </p>
        )}
        <p className="co-quiet">{say('about')}</p>
        <TextInput label={say('address')} description={say('address.help')} type="email" value={address} onChange={(event) => setAddress(event.currentTarget.value)} maxLength={254} data-autofocus />
        <Select
          label={say('language')}
          value={language}
          onChange={(value) => setLanguage(value === 'en' ? 'en' : 'ja')}
          data={[
            { value: 'ja', label: say('language.ja') },
            { value: 'en', label: say('language.en') },
          ]}
          allowDeselect={false}
        />
        {save.isError && <ProblemNotice problem={problemOf(save.error)} />}
        <Group justify="flex-end">
          {start.address !== '' && (
            <Button variant="default" c="beni.7" loading={save.isPending} onClick={() => save.mutate('', { onSuccess: onClose })}>
              {say('erase')}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {parts('cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {parts('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
