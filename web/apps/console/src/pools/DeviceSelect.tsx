import { Select } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { longestWords } from '../api/paging';
import { devicesQuery } from '../api/queries';
import type { Device } from '../api/views';
import { choicesAtOnce, optionsOf, type Choice } from '../parts/choice';
import { partTexts } from '../parts/texts';
import { useLater } from '../parts/useListing';

type Props = {
  label: string;
  description: string;
  fits: (device: Device) => boolean;
  value: string;
  onChange: (id: string) => void;
  none: string;
  error: string | undefined;
};

/** DeviceSelect chooses one PC of the office that has not ended. The server looks for the words that are typed. */
export function DeviceSelect({ label, description, fits, value, onChange, none, error }: Props) {
  const say = useTexts(partTexts);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Choice | null>(null);
  const words = useLater(text === chosen?.label ? '' : text);
  const devices = useQuery(devicesQuery({ q: words, state: 'standing', place: 'office', limit: choicesAtOnce }));
  const found = (devices.data?.devices ?? []).filter(fits).map((one) => ({ value: one.id, label: one.asset_tag }));
  const all = devices.data?.page.found ?? 0;
  return (
    <Select
      label={label}
      description={all > choicesAtOnce ? `${description} ${say('choose.more', { count: all })}` : description}
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
      nothingFoundMessage={devices.isError ? say('choose.failed') : devices.isPending ? say('choose.waiting') : words === '' ? none : say('nothing.matches')}
      error={error}
      data-autofocus
    />
  );
}
