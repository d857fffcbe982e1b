import { Button, Group, NumberInput, Stack, Switch } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { trainingKeys } from './queries';
import { trainingTexts } from './texts';
import { Course } from './views';

const fresh: Omit<Course, 'id' | 'pool'> = { title: { ja: '', en: '' }, draw: 10, pass_percent: 80, pause_min: 10, valid_months: 12, required: false, version: 0 };

/** CourseForm makes a course or changes one; the room says what is out of bounds. */
export function CourseForm({ course, onClose }: { course?: Course; onClose: () => void }) {
  const say = useTexts(trainingTexts);
  const parts = useTexts(partTexts);
  const { language } = useLanguage();
  const [draft, setDraft] = useState<Omit<Course, 'id' | 'pool'>>(course ?? fresh);
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }));
  const save = useAct(() => {
    const { title, draw, pass_percent, pause_min, valid_months, required, version } = draft;
    const body = { title, draw, pass_percent, pause_min, valid_months, required, version };
    return course ? api.ask('PUT', `/training/courses/${encodeURIComponent(course.id)}`, Course, body) : api.ask('POST', '/training/courses', Course, body);
  }, trainingKeys.courses, trainingKeys.people);
  const numbers = [
    { label: 'field.draw', name: 'draw', max: 60 },
    { label: 'field.percent', name: 'pass_percent', max: 100 },
    { label: 'field.pause', name: 'pause_min', max: 10080 },
    { label: 'field.months', name: 'valid_months', max: 36 },
  ] as const;
  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate(undefined, { onSuccess: onClose });
  }
  return (
    <Dialog title={course ? say('course.act', { title: course.title[language], act: say('course.edit') }) : say('courses.new')} size="lg" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <ImeInput label={say('field.title.ja')} value={draft.title.ja} onChange={(ja) => set({ title: { ...draft.title, ja } })} maxLength={120} required data-autofocus />
          <ImeInput label={say('field.title.en')} value={draft.title.en} onChange={(en) => set({ title: { ...draft.title, en } })} maxLength={120} required />
          <div className="co-columns">
            {numbers.map(({ label, name, max }) => (
              <NumberInput key={name} label={say(label)} value={draft[name]} onChange={(value) => set({ [name]: Number(value) })} min={0} max={max} hideControls />
            ))}
          </div>
          {course && (
            <Switch label={say('field.required')} description={say('field.required.help')} checked={draft.required} onChange={(event) => set({ required: event.currentTarget.checked })} />
          )}
          {save.isError && <ProblemNotice problem={problemOf(save.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {parts('cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {parts('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
