import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { keys, policiesQuery } from '../api/queries';
import { GuardPolicy } from '../api/views';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { PlusIcon, RuleIcon } from '../parts/icons';
import { Mark } from '../parts/Mark';
import { PageHead } from '../parts/PageHead';
import { useAct } from '../parts/useAct';
import { useMay } from '../session/useMay';
import { draftOf, emptyDraft, policyOf, type Draft } from './draft';
import { PolicyForm } from './PolicyForm';
import { policyTexts } from './texts';
import { usePolicyName, usePolicySentences } from './words';

/** PoliciesPage says each guard policy in words; administrators change them. */
export function PoliciesPage() {
  const say = useTexts(policyTexts);
  const name = usePolicyName();
  const policies = useQuery(policiesQuery);
  const allowed = useMay();
  const may = allowed('administrator', 'posture.manage');
  const [open, setOpen] = useState<Draft | null>(null);
  const put = useAct((draft: Draft) => api.ask('PUT', `/policies/${encodeURIComponent(policyOf(draft).name)}`, GuardPolicy, policyOf(draft)), keys.policies);
  return (
    <>
      <PageHead title={say('title')} lead={may ? say('lead') : `${say('lead')} ${say('read.only')}`}>
        {may && (
          <Button leftSection={<PlusIcon size={18} />} onClick={() => setOpen(emptyDraft)}>
            {say('new')}
          </Button>
        )}
      </PageHead>
      <Answer query={policies}>
        {(answer) =>
          answer.policies.length === 0 ? (
            <Empty icon={<RuleIcon size={36} />} title={say('empty')} />
          ) : (
            <ul className="co-cards">
              {answer.policies.map((policy) => (
                <li key={policy.name}>
                  <PolicyCard policy={policy} {...(may ? { onEdit: () => setOpen(draftOf(policy)) } : {})} />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      {open && (
        <PolicyForm
          title={open.version === 0 ? say('form.new') : say('form.edit', { name: name(open.name) })}
          start={open}
          names={policies.data?.policies.map((policy) => policy.name) ?? []}
          onSubmit={(draft) => put.mutateAsync(draft)}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

function PolicyCard({ policy, onEdit }: { policy: GuardPolicy; onEdit?: () => void }) {
  const say = useTexts(policyTexts);
  const name = usePolicyName();
  const sentences = usePolicySentences();
  return (
    <article className="co-policy" aria-labelledby={`policy-${policy.name}`}>
      <header>
        <h2 id={`policy-${policy.name}`}>{name(policy.name)}</h2>
        <Mark tone="quiet">{say('version', { version: policy.version })}</Mark>
      </header>
      <ul>
        {sentences(policy).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {onEdit && (
        <Button variant="default" onClick={onEdit} aria-label={say('edit.of', { name: name(policy.name) })}>
          {say('edit')}
        </Button>
      )}
    </article>
  );
}
