import { Button } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { RuleDifference, RuleText } from '@sekisho/ui/RuleText';
import { day } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Answer } from '../parts/Answer';
import { Side } from '../parts/Side';
import { PublishForm } from './PublishForm';
import { differenceQuery, documentQuery } from './queries';
import { trainingTexts } from './texts';
import type { RuleWhole } from './views';

/** DocumentPanel is one rule document: its versions, what changed between them, and the text in force. */
export function DocumentPanel({ id, may, onClose }: { id: string; may: boolean; onClose: () => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const whole = useQuery(documentQuery(id));
  const [publishing, setPublishing] = useState(false);
  if (publishing && whole.data) return <PublishForm whole={whole.data} onClose={() => setPublishing(false)} />;
  return (
    <Side title={whole.data?.document.title[language] ?? say('tab.documents')} size="lg" onClose={onClose}>
      <Answer query={whole}>
        {(answer) => (
          <div className="co-rule-whole">
            {may && <Button onClick={() => setPublishing(true)}>{say('doc.publish')}</Button>}
            <section>
              <h2>{say('doc.versions')}</h2>
              <Versions whole={answer} />
            </section>
            {answer.versions.length > 1 && <Changed id={id} from={answer.document.version - 1} to={answer.document.version} />}
            <section>
              <h2>{say('doc.body')}</h2>
              <RuleText body={answer.body[language]} heading="h3" />
            </section>
          </div>
        )}
      </Answer>
    </Side>
  );
}

function Versions({ whole }: { whole: RuleWhole }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  return (
    <ol className="co-rule-versions">
      {whole.versions.map((one) => (
        <li key={one.version}>
          <b>{say('doc.version', { version: one.version, day: day(one.published, language) })}</b>
          <span>{one.publisher === '' ? say('doc.template') : say('doc.by', { name: one.publisher })}</span>
          {one.note !== '' && <p>{one.note}</p>}
        </li>
      ))}
    </ol>
  );
}

function Changed({ id, from, to }: { id: string; from: number; to: number }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const difference = useQuery(differenceQuery(id, from, to));
  return (
    <section>
      <h2>{say('doc.compare', { from, to })}</h2>
      <Answer query={difference}>{(answer) => <RuleDifference lines={answer[language]} />}</Answer>
    </section>
  );
}
