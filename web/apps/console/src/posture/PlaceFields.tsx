import { Button, Stack, Textarea } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useTexts } from '@sekisho/ui/language';
import { PlusIcon } from '../parts/icons';
import type { DraftPlace, Faults } from './draft';
import { postureTexts } from './texts';

type PlaceFieldsProps = { places: DraftPlace[]; faults: Faults['places']; onChange: (places: DraftPlace[]) => void };

/** PlaceFields are the places that all PCs of a policy may work at. */
export function PlaceFields({ places, faults, onChange }: PlaceFieldsProps) {
  const say = useTexts(postureTexts);
  const set = (key: number, to: Partial<DraftPlace>) => onChange(places.map((place) => (place.key === key ? { ...place, ...to } : place)));
  const next = Math.max(-1, ...places.map((place) => place.key)) + 1;
  return (
    <section className="co-posture-places" aria-labelledby="posture-places">
      <h3 id="posture-places">{say('places')}</h3>
      <p className="co-quiet">{say('place.help')}</p>
      {places.map((place) => {
        const fault = faults[place.key];
        return (
          <Stack key={place.key} gap="sm" className="co-posture-place">
            <ImeInput
              label={say('field.place.name')}
              value={place.name}
              onChange={(name) => set(place.key, { name })}
              maxLength={64}
              required
              error={fault?.name ? say(fault.name) : undefined}
            />
            <Textarea
              label={say('field.place.routers')}
              description={say('field.place.lines')}
              value={place.routers}
              onChange={(event) => set(place.key, { routers: event.currentTarget.value })}
              autosize
              minRows={2}
              maxLength={1000}
              required
              error={fault?.routers ? say(fault.routers) : undefined}
            />
            <Textarea
              label={say('field.place.around')}
              description={say('field.place.around.help')}
              value={place.around}
              onChange={(event) => set(place.key, { around: event.currentTarget.value })}
              autosize
              minRows={2}
              maxLength={1000}
              error={fault?.around ? say(fault.around) : undefined}
            />
            <div>
              <Button variant="subtle" color="gray" onClick={() => onChange(places.filter((one) => one.key !== place.key))}>
                {say('place.remove')}
              </Button>
            </div>
          </Stack>
        );
      })}
      <div>
        <Button variant="default" leftSection={<PlusIcon size={18} />} onClick={() => onChange([...places, { key: next, name: '', routers: '', around: '' }])}>
          {say('place.add')}
        </Button>
      </div>
    </section>
  );
}
