import { Button, Group } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { OwnRole } from '../api/roleQueries';
import { RightList } from './RightList';
import { roleTexts } from './texts';

type Props = { role: OwnRole; onEdit: () => void; onGive: () => void; onDelete: () => void; onTake: (person: { id: string; name: string }) => void };

/** RoleCard is one own role: what it allows, in sentences, and who holds it. */
export function RoleCard({ role, onEdit, onGive, onDelete, onTake }: Props) {
  const say = useTexts(roleTexts);
  return (
    <section className="co-block" aria-labelledby={`role-${role.id}`}>
      <Group justify="space-between" mb="xs">
        <h2 id={`role-${role.id}`}>{role.name}</h2>
        <Group gap="sm">
          <Button variant="default" size="compact-md" onClick={onGive} aria-label={say('give.of', { name: role.name })}>
            {say('give')}
          </Button>
          <Button variant="default" size="compact-md" onClick={onEdit} aria-label={say('edit.of', { name: role.name })}>
            {say('edit')}
          </Button>
          <Button variant="default" size="compact-md" c="beni.7" onClick={onDelete} aria-label={say('delete.of', { name: role.name })}>
            {say('delete')}
          </Button>
        </Group>
      </Group>
      <h3 className="co-rights-head">{say('can')}</h3>
      <RightList rights={role.rights} />
      <h3 className="co-rights-head">{say('holders')}</h3>
      {role.holders.length === 0 ? (
        <p className="co-quiet">{say('holders.none')}</p>
      ) : (
        <ul className="co-viewers">
          {role.holders.map((one) => (
            <li key={one.id}>
              <Group gap="sm" mb={4}>
                <span>{one.name}</span>
                <Button variant="default" size="compact-sm" onClick={() => onTake(one)} aria-label={say('take.of', { name: role.name, person: one.name })}>
                  {say('take')}
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
