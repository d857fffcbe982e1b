import { Select } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { Role } from '@sekisho/wire/states';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { longestWords } from '../api/paging';
import { peopleQuery } from '../api/queries';
import type { Person } from '../api/views';
import { choicesAtOnce, optionsOf, type Choice } from './choice';
import { partTexts } from './texts';
import { useLater } from './useListing';

export type PersonSelectProps = {
  label: string;
  description?: string | undefined;
  role?: Role;
  /** fits leaves out who cannot be chosen here. */
  fits?: (person: Person) => boolean;
  value: string;
  onChange: (id: string) => void;
  error?: string | undefined;
  /** none says that there is nobody at all to choose. */
  none: string;
  required?: boolean;
  autofocus?: boolean;
};

/** PersonSelect chooses one active person. The server looks for the words that are typed; a centre may have thousands. */
export function PersonSelect({ label, description, role, fits = () => true, value, onChange, error, none, required = false, autofocus = false }: PersonSelectProps) {
  const say = useTexts(partTexts);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Choice | null>(null);
  const words = useLater(text === chosen?.label ? '' : text);
  const people = useQuery(peopleQuery({ q: words, role: role ?? '', active: 'true', limit: choicesAtOnce }));
  const found = (people.data?.people ?? []).filter(fits).map((one) => ({ value: one.id, label: `${one.name} ${one.login}` }));
  const more = (people.data?.page.found ?? 0) > choicesAtOnce;
  return (
    <Select
      label={label}
      description={[description, more ? say('choose.more', { count: people.data?.page.found ?? 0 }) : ''].filter(Boolean).join(' ')}
      data={optionsOf(found, chosen)}
      filter={({ options }) => options}
      value={value === '' ? null : value}
      onChange={(id) => {
        setChosen(found.find((one) => one.value === id) ?? null);
        onChange(id ?? '');
      }}
      searchable
      searchValue={text}
      onSearchChange={(typed) => setText(typed.slice(0, longestWords))}
      nothingFoundMessage={people.isError ? say('choose.failed') : people.isPending ? say('choose.waiting') : words === '' ? none : say('nothing.matches')}
      required={required}
      error={error}
      openOnFocus={!autofocus} // a list that opens by itself would cover the form
      data-autofocus={autofocus || undefined}
    />
  );
}
