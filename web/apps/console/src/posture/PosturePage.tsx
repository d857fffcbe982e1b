import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { keys, postureRulesQuery } from '../api/queries';
import { PostureRules } from '../api/views';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { ShieldIcon } from '../parts/icons';
import { Mark } from '../parts/Mark';
import { PageHead } from '../parts/PageHead';
import { useAct } from '../parts/useAct';
import { usePolicyName } from '../policies/words';
import { useMay } from '../session/useMay';
import { draftOf, levels, rulesOf, type Draft } from './draft';
import { RulesForm } from './RulesForm';
import { postureTexts } from './texts';
import { useRuleWords } from './words';

/** PosturePage says what each policy asks of its PCs; administrators change it. */
export function PosturePage() {
  const say = useTexts(postureTexts);
  const name = usePolicyName();
  const rules = useQuery(postureRulesQuery);
  const allowed = useMay();
  const may = allowed('administrator', 'posture.manage');
  const [open, setOpen] = useState<Draft | null>(null);
  const put = useAct((draft: Draft) => api.ask('PUT', `/posture/rules/${encodeURIComponent(draft.policy)}`, PostureRules, rulesOf(draft)), keys.posture, keys.devices);
  return (
    <>
      <PageHead title={say('title')} lead={may ? say('lead') : `${say('lead')} ${say('read.only')}`} />
      <Answer query={rules}>
        {(answer) =>
          answer.policies.length === 0 ? (
            <Empty icon={<ShieldIcon size={36} />} title={say('empty')} />
          ) : (
            <ul className="co-cards">
              {answer.policies.map((policy) => (
                <li key={policy.rules.policy}>
                  <RulesCard rules={policy.rules} {...(may ? { onEdit: () => setOpen(draftOf(policy.rules)) } : {})} />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      {open && <RulesForm title={say('form', { name: name(open.policy) })} start={open} onSubmit={(draft) => put.mutateAsync(draft)} onClose={() => setOpen(null)} />}
    </>
  );
}

function RulesCard({ rules, onEdit }: { rules: PostureRules; onEdit?: () => void }) {
  const say = useTexts(postureTexts);
  const name = usePolicyName();
  const words = useRuleWords();
  const nothing = rules.rules.every((rule) => rule.level === 'off');
  return (
    <article className="co-policy" aria-labelledby={`posture-${rules.policy}`}>
      <header>
        <h2 id={`posture-${rules.policy}`}>{name(rules.policy)}</h2>
        <Mark tone="quiet">{rules.version === 0 ? say('version.none') : say('version', { version: rules.version })}</Mark>
      </header>
      {nothing && <p>{say('group.nothing')}</p>}
      {!nothing &&
        levels.map((level) => {
          const those = rules.rules.filter((rule) => rule.level === level);
          return (
            those.length > 0 && (
              <section key={level} className="co-posture-group">
                <h3>{say(`group.${level}`)}</h3>
                <ul>
                  {those.map((rule) => (
                    <li key={rule.check}>{words(rule, rules.agent)}</li>
                  ))}
                </ul>
              </section>
            )
          );
        })}
      {rules.places.length > 0 && (
        <section className="co-posture-group">
          <h3>{say('places')}</h3>
          <ul>
            {rules.places.map((place) => (
              <li key={place.name}>{say('own.is', { name: place.name, count: place.around.length })}</li>
            ))}
          </ul>
        </section>
      )}
      {onEdit && (
        <Button variant="default" onClick={onEdit} aria-label={say('edit.of', { name: name(rules.policy) })}>
          {say('edit')}
        </Button>
      )}
    </article>
  );
}
