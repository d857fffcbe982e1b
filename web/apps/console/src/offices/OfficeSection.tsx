import { Button, Checkbox, Group, Textarea } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import type { Role } from '@sekisho/wire/states';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { Office, officeKeys, officeQuery } from '../api/officeQueries';
import { Form } from '../clients/Form';
import { linesOf } from '../networks/lines';
import { Answer } from '../parts/Answer';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { officeTexts } from './texts';

/** OfficeSection says who uses the console outside the office only under the guard, and where the office is. */
export function OfficeSection({ may }: { may: boolean }) {
  const say = useTexts(officeTexts);
  const name = useRoleName();
  const office = useQuery(officeQuery);
  const [open, setOpen] = useState<Office | null>(null);
  return (
    <section className="co-block" aria-labelledby="office-title">
      <Answer query={office}>
        {(rule) => (
          <>
            <Group justify="space-between" mb="xs">
              <h2 id="office-title">{say('title')}</h2>
              {may && (
                <Button variant="default" size="compact-md" onClick={() => setOpen(rule)} aria-label={say('change.title')}>
                  {say('change')}
                </Button>
              )}
            </Group>
            <p>{say('lead')}</p>
            {rule.roles.length === 0 ? (
              <p className="co-quiet">{say('nobody')}</p>
            ) : (
              <>
                <h3>{say('roles')}</h3>
                <ul className="co-viewers">
                  {rule.roles.map((role) => (
                    <li key={role}>{name(role)}</li>
                  ))}
                </ul>
                <h3>{say('ranges')}</h3>
                {rule.ranges.length === 0 ? (
                  <p className="co-quiet">{say('ranges.none')}</p>
                ) : (
                  <ul className="co-viewers">
                    {rule.ranges.map((range) => (
                      <li key={range} className="co-id">
                        {range}
                      </li>
                    ))}
                  </ul>
                )}
              </>
            )}
            {open && <OfficeForm rule={open} onClose={() => setOpen(null)} />}
          </>
        )}
      </Answer>
    </section>
  );
}

function useRoleName(): (role: Role) => string {
  const say = useTexts(officeTexts);
  const ui = useTexts(uiTexts);
  return (role) => (role === 'operator' ? say('own') : ui(`role.${role}`));
}

function OfficeForm({ rule, onClose }: { rule: Office; onClose: () => void }) {
  const say = useTexts(officeTexts);
  const parts = useTexts(partTexts);
  const name = useRoleName();
  const [roles, setRoles] = useState<string[]>(rule.roles);
  const [text, setText] = useState(rule.ranges.join('\n'));
  const put = useAct((ranges: string[]) => api.ask('PUT', '/offices', Office, { seen: rule.version, roles, ranges }), officeKeys.office);
  return (
    <Form title={say('change.title')} action={parts('save')} ready={() => true} onSubmit={() => put.mutateAsync(linesOf(text))} onClose={onClose}>
      <Checkbox.Group label={say('roles')} value={roles} onChange={setRoles}>
        {rule.bindable.map((role) => (
          <Checkbox key={role} value={role} label={name(role)} mt="xs" />
        ))}
      </Checkbox.Group>
      <Textarea label={say('ranges')} description={say('ranges.help')} value={text} onChange={(event) => setText(event.currentTarget.value)} autosize minRows={3} maxRows={10} spellCheck={false} classNames={{ input: 'co-cedar' }} />
      {rule.source !== '' && (
        <Group>
          <Button variant="default" size="compact-sm" onClick={() => setText([...linesOf(text), rule.source].join('\n'))}>
            {say('own.address')}
          </Button>
        </Group>
      )}
      <p className="co-quiet">{say('way.back')}</p>
    </Form>
  );
}
