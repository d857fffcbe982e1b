import { Button } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { EyeIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { day } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useMutation } from '@tanstack/react-query';
import { api } from '../api/client';
import { RoomPhoto, type RoomCheck } from '../api/readinessQueries';
import { readinessTexts } from './texts';

/** Photo shows a photograph after a press, which is written down; it is never fetched before, and kept in no cache. */
export function Photo({ check }: { check: RoomCheck }) {
  const say = useTexts(readinessTexts);
  const { language } = useLanguage();
  const look = useMutation({ mutationFn: () => api.ask('POST', `/readiness/checks/${encodeURIComponent(check.id)}/photo`, RoomPhoto, {}), gcTime: 0 });
  if (check.photo_until === null) return <p className="co-quiet">{say('photo.none')}</p>;
  const until = day(check.photo_until, language);
  if (!check.photo) return <p className="co-quiet">{say('photo.gone', { day: until })}</p>;
  if (look.data) {
    return (
      <figure className="co-room-photo co-no-print">
        <img src={`data:image/jpeg;base64,${look.data.jpeg}`} alt={say('photo.shown', { name: check.name })} />
        <Button variant="default" size="compact-md" onClick={() => look.reset()}>
          {say('photo.hide')}
        </Button>
      </figure>
    );
  }
  return (
    <div className="co-room-photo co-no-print">
      <p className="co-quiet">{say('photo.what', { day: until })}</p>
      {look.isError && <ProblemNotice problem={problemOf(look.error)} />}
      <Button variant="default" leftSection={<EyeIcon size={18} />} onClick={() => look.mutate()} loading={look.isPending}>
        {say('photo.look')}
      </Button>
    </div>
  );
}
