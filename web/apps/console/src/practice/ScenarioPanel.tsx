import { CheckIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { Answer } from '../parts/Answer';
import { Side } from '../parts/Side';
import { scenarioQuery } from './queries';
import { practiceTexts } from './texts';
import type { Scenario } from './views';

/** ScenarioPanel shows one scenario with its key, to whoever may change it. */
export function ScenarioPanel({ scenario, onClose }: { scenario: Scenario; onClose: () => void }) {
  const say = useTexts(practiceTexts);
  const { language } = useLanguage();
  const whole = useQuery(scenarioQuery(scenario.id));
  return (
    <Side title={scenario.title[language]} size="lg" onClose={onClose}>
      <p className="co-note" data-tone="attention">
        {say('key')}
      </p>
      <Answer query={whole}>
        {(answer) => (
          <ol className="co-questions">
            {answer.turns.map((turn, i) => (
              <li key={i}>
                <h3>
                  {say(`who.${turn.who}`)}
                  {turn.black && ` / ${say('black')}`}
                </h3>
                <p>{turn.say[language]}</p>
                <ul>
                  {turn.choices.map((choice, n) => (
                    <li key={n} data-right={choice.right}>
                      {choice.text[language]}
                      {choice.right && (
                        <small>
                          <CheckIcon size={14} /> {say('right')}
                        </small>
                      )}
                      <br />
                      <small>
                        {choice.why[language]} ({choice.rule})
                      </small>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ol>
        )}
      </Answer>
    </Side>
  );
}
