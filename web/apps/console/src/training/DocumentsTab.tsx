import { Button } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { day } from '@sekisho/ui/time';
import { levels } from '@sekisho/wire/training';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Answer } from '../parts/Answer';
import { Mark } from '../parts/Mark';
import { DocumentPanel } from './DocumentPanel';
import { documentsQuery } from './queries';
import { trainingTexts } from './texts';
import type { RuleDoc } from './views';

/** DocumentsTab lists the rule documents by level. */
export function DocumentsTab({ may }: { may: boolean }) {
  const say = useTexts(trainingTexts);
  const documents = useQuery(documentsQuery);
  const [open, setOpen] = useState<string | null>(null);
  return (
    <>
      <Answer query={documents}>
        {(answer) =>
          levels.map((level) => (
            <section key={level} className="co-rule-level" aria-labelledby={`level-${level}`}>
              <h2 id={`level-${level}`}>{say(`level.${level}`)}</h2>
              <ul>
                {answer.documents
                  .filter((one) => one.level === level)
                  .map((one) => (
                    <DocumentRow key={one.id} document={one} onOpen={() => setOpen(one.id)} />
                  ))}
              </ul>
            </section>
          ))
        }
      </Answer>
      {open !== null && <DocumentPanel id={open} may={may} onClose={() => setOpen(null)} />}
    </>
  );
}

function DocumentRow({ document, onOpen }: { document: RuleDoc; onOpen: () => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const title = document.title[language];
  return (
    <li>
      <span className="co-name">
        <b>{title}</b>
        <small>{say('doc.version', { version: document.version, day: day(document.published, language) })}</small>
      </span>
      <Mark tone={document.required ? 'open' : 'quiet'}>{say(document.required ? 'doc.required' : 'doc.info')}</Mark>
      <Button variant="default" size="compact-sm" onClick={onOpen} aria-label={say('course.act', { title, act: say('doc.open') })}>
        {say('doc.open')}
      </Button>
    </li>
  );
}
