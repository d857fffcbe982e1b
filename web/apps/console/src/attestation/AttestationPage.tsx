import { Switch } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { attestationQuery, keys, sessionQuery } from '../api/queries';
import type { Attestation } from '../api/views';
import { Answer } from '../parts/Answer';
import { PageHead } from '../parts/PageHead';
import { useAct } from '../parts/useAct';
import { AuthoritiesPanel } from './AuthoritiesPanel';
import { KeysPanel } from './KeysPanel';
import { attestationTexts } from './texts';

/** AttestationPage says by what the TPMs of PCs are known; administrators change it. */
export function AttestationPage() {
  const say = useTexts(attestationTexts);
  const attestation = useQuery(attestationQuery);
  const session = useQuery(sessionQuery);
  const may = session.data?.person?.roles.includes('administrator') ?? false;
  return (
    <>
      <PageHead title={say('title')} lead={may ? say('lead') : `${say('lead')} ${say('read.only')}`} />
      <Answer query={attestation}>
        {(answer) => (
          <>
            <Rule attestation={answer} may={may} />
            <KeysPanel known={answer.keys} may={may} />
            <AuthoritiesPanel authorities={answer.authorities} may={may} />
          </>
        )}
      </Answer>
    </>
  );
}

function Rule({ attestation, may }: { attestation: Attestation; may: boolean }) {
  const say = useTexts(attestationTexts);
  const set = useAct((only: boolean) => api.tell('PUT', '/attestation', { only_known: only }), keys.attestation);
  return (
    <section className="co-block" aria-labelledby="rule-title">
      <h2 id="rule-title">{say('rule.title')}</h2>
      <Switch
        label={say('rule.label')}
        description={say('rule.help')}
        checked={attestation.only_known}
        disabled={!may || set.isPending}
        onChange={(event) => set.mutate(event.currentTarget.checked)}
      />
      {set.isError && <ProblemNotice problem={problemOf(set.error)} />}
    </section>
  );
}
