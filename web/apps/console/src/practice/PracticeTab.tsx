import { Button } from '@mantine/core';
import { BulbIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { RetireDialog } from './RetireDialog';
import { ScenarioPanel } from './ScenarioPanel';
import { ScriptDialog } from './ScriptDialog';
import { scenariosQuery } from './queries';
import { practiceTexts } from './texts';
import type { Scenario } from './views';

type Open = { what: 'import' } | { what: 'look' | 'retire'; scenario: Scenario };

/** PracticeTab lists the scenarios of the practice work; administrators read, add and retire them. */
export function PracticeTab({ may }: { may: boolean }) {
  const say = useTexts(practiceTexts);
  const scenarios = useQuery(scenariosQuery);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <p className="co-quiet">{say('lead')}</p>
      {may && (
        <div className="co-training-acts">
          <Button leftSection={<PlusIcon size={18} />} onClick={() => setOpen({ what: 'import' })}>
            {say('import')}
          </Button>
        </div>
      )}
      <Answer query={scenarios}>
        {(answer) =>
          answer.scenarios.length === 0 ? (
            <Empty icon={<BulbIcon size={36} />} title={say('empty')} text={say('empty.do')} />
          ) : (
            <ul className="co-cards">
              {answer.scenarios.map((scenario) => (
                <li key={scenario.id}>
                  <ScenarioCard scenario={scenario} {...(may ? { onOpen: (what: 'look' | 'retire') => setOpen({ what, scenario }) } : {})} />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      {open?.what === 'import' && <ScriptDialog onClose={close} />}
      {open?.what === 'look' && <ScenarioPanel scenario={open.scenario} onClose={close} />}
      {open?.what === 'retire' && <RetireDialog scenario={open.scenario} onClose={close} />}
    </>
  );
}

function ScenarioCard({ scenario, onOpen }: { scenario: Scenario; onOpen?: (what: 'look' | 'retire') => void }) {
  const say = useTexts(practiceTexts);
  const { language } = useLanguage();
  const title = scenario.title[language];
  return (
    <article className="co-policy" aria-labelledby={`scenario-${scenario.id}`}>
      <header>
        <h2 id={`scenario-${scenario.id}`}>{title}</h2>
      </header>
      <ul>
        <li>{scenario.about[language]}</li>
        <li>{say('what', { turns: scenario.turns, version: scenario.version })}</li>
      </ul>
      {onOpen && (
        <div className="co-training-acts">
          {(['look', 'retire'] as const).map((what) => (
            <Button key={what} variant="default" onClick={() => onOpen(what)} aria-label={say('act', { title, act: say(what) })}>
              {say(what)}
            </Button>
          ))}
        </div>
      )}
    </article>
  );
}
