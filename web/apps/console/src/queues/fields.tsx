import { Button, Group } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useTexts } from '@sekisho/ui/language';
import type { Draft } from './draft';
import { queueTexts } from './texts';

type SkillProps = { skills: Draft['skills']; onChange: (skills: Draft['skills']) => void; error: string | undefined };

/** SkillFields are the skills that a queue asks for, one on each line. */
export function SkillFields({ skills, onChange, error }: SkillProps) {
  const say = useTexts(queueTexts);
  return (
    <fieldset className="co-lines">
      <legend>{say('field.skills')}</legend>
      <p className="co-quiet">{say('help.skills')}</p>
      {skills.map((one, at) => (
        <Group key={at} align="flex-end" wrap="nowrap" className="co-target">
          <ImeInput label={say('skill.name', { count: at + 1 })} value={one.name} onChange={(name) => onChange(skills.map((each, i) => (i === at ? { ...each, name } : each)))} maxLength={40} />
          <ImeInput label={say('skill.degree')} value={one.degree} onChange={(degree) => onChange(skills.map((each, i) => (i === at ? { ...each, degree } : each)))} inputMode="numeric" maxLength={2} />
          <Button variant="default" onClick={() => onChange(skills.filter((_, i) => i !== at))} aria-label={say('skill.out', { count: at + 1 })}>
            {say('out')}
          </Button>
        </Group>
      ))}
      <Lines error={error} add={say('skill.add')} onAdd={skills.length < 8 ? () => onChange([...skills, { name: '', degree: '5' }]) : null} />
    </fieldset>
  );
}

type WidenProps = { widen: Draft['widen']; onChange: (widen: Draft['widen']) => void; error: string | undefined };

/** WidenFields are the steps by which less is asked for after some waiting. */
export function WidenFields({ widen, onChange, error }: WidenProps) {
  const say = useTexts(queueTexts);
  return (
    <fieldset className="co-lines">
      <legend>{say('field.widen')}</legend>
      <p className="co-quiet">{say('help.widen')}</p>
      {widen.map((one, at) => (
        <Group key={at} align="flex-end" wrap="nowrap" className="co-target">
          <ImeInput label={say('widen.after', { count: at + 1 })} value={one.after} onChange={(after) => onChange(widen.map((each, i) => (i === at ? { ...each, after } : each)))} inputMode="numeric" maxLength={4} />
          <ImeInput label={say('widen.lower')} value={one.lower} onChange={(lower) => onChange(widen.map((each, i) => (i === at ? { ...each, lower } : each)))} inputMode="numeric" maxLength={2} />
          <Button variant="default" onClick={() => onChange(widen.filter((_, i) => i !== at))} aria-label={say('widen.out', { count: at + 1 })}>
            {say('out')}
          </Button>
        </Group>
      ))}
      <Lines error={error} add={say('widen.add')} onAdd={widen.length < 8 ? () => onChange([...widen, { after: '', lower: '' }]) : null} />
    </fieldset>
  );
}

function Lines({ error, add, onAdd }: { error: string | undefined; add: string; onAdd: (() => void) | null }) {
  return (
    <>
      {error !== undefined && (
        <p className="co-wrong" role="alert">
          {error}
        </p>
      )}
      {onAdd && (
        <Button variant="default" size="compact-md" mt="xs" onClick={onAdd}>
          {add}
        </Button>
      )}
    </>
  );
}
