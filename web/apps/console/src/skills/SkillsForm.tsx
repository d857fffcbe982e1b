import { Button, Group, Select } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { telephoneKeys, type SkilledOne } from '../api/telephoneQueries';
import { Form } from '../clients/Form';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { skillTexts } from './texts';

const degrees = Array.from({ length: 11 }, (_, degree) => String(degree));
const most = 50;

/** SkillsForm says what one operator can do; what stands at 0 is not kept. */
export function SkillsForm({ person, names, onClose }: { person: SkilledOne; names: string[]; onClose: () => void }) {
  const say = useTexts(skillTexts);
  const parts = useTexts(partTexts);
  const [all, setAll] = useState(names);
  const [can, setCan] = useState<{ [name: string]: number }>(() => Object.fromEntries(person.skills.map((one) => [one.name, one.degree])));
  const [added, setAdded] = useState('');
  const skills = all.flatMap((name) => ((can[name] ?? 0) > 0 ? [{ name, degree: can[name] ?? 0 }] : []));
  const put = useAct(() => api.tell('PUT', `/skills/${encodeURIComponent(person.id)}`, { skills }), telephoneKeys.skills);
  const add = () => {
    const name = plain(added);
    if (name === '') return;
    if (!all.includes(name)) setAll([...all, name]);
    setCan({ ...can, [name]: Math.max(can[name] ?? 0, 5) });
    setAdded('');
  };
  return (
    <Form title={say('edit.of', { name: person.name })} action={parts('save')} ready={() => skills.length <= most} onSubmit={() => put.mutateAsync(undefined)} onClose={onClose}>
      <div className="co-week">
        {all.map((name) => (
          <Select key={name} label={say('degree.of', { name })} data={degrees.map((one) => ({ value: one, label: one === '0' ? say('zero') : one }))} value={String(can[name] ?? 0)} onChange={(value) => setCan({ ...can, [name]: Number(value ?? 0) })} allowDeselect={false} />
        ))}
      </div>
      <Group align="flex-end" wrap="nowrap" className="co-target">
        <ImeInput label={say('add')} description={say('add.help')} value={added} onChange={setAdded} onCommit={add} maxLength={40} data-autofocus={all.length === 0 ? true : undefined} />
        <Button variant="default" onClick={add}>
          {say('add.do')}
        </Button>
      </Group>
      {skills.length > most && <p className="co-wrong" role="alert">{say('many')}</p>}
    </Form>
  );
}
