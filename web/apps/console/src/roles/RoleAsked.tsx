import { useTexts } from '@sekisho/ui/language';
import type { RoleChange } from '../api/views';
import { RightList } from './RightList';
import { roleTexts } from './texts';

/** RoleAsked shows a second administrator what he would approve: the rights, in sentences. */
export function RoleAsked({ change }: { change: RoleChange }) {
  const say = useTexts(roleTexts);
  return (
    <div className="co-asked">
      <p>
        <b>{say(`ask.${change.act}`, { name: change.name, person: change.person })}</b>
      </p>
      {change.act === 'change' && (
        <>
          <p>{say('before')}</p>
          <RightList rights={change.before} />
        </>
      )}
      <p>{say(change.act === 'give' ? 'after.give' : 'after')}</p>
      <RightList rights={change.after} />
    </div>
  );
}
