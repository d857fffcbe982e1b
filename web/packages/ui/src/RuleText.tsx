import type { RuleLine } from '@sekisho/wire/training';
import { useTexts } from './language';
import './rules.css';
import { ruleTexts } from './ruleTexts';

/** RuleText shows a rule document: "## " begins a heading, "3.1 " a rule with its number. */
export function RuleText({ body, heading = 'h2' }: { body: string; heading?: 'h2' | 'h3' }) {
  return (
    <div className="sk-rules">
      {body.split('\n').map((line, i) => (
        <Line key={i} line={line} heading={heading} />
      ))}
    </div>
  );
}

function Line({ line, heading: Heading }: { line: string; heading: 'h2' | 'h3' }) {
  if (line.trim() === '') return null;
  if (line.startsWith('## ')) return <Heading>{line.slice(3)}</Heading>;
  const rule = /^(\d+\.\d+) (.*)$/.exec(line);
  if (!rule) return <p>{line}</p>;
  return (
    <p className="sk-rule">
      <span className="sk-numbers">{rule[1]}</span>
      <span>{rule[2]}</span>
    </p>
  );
}

/** RuleDifference shows what changed between two versions, line by line; signs and words beside the colours. */
export function RuleDifference({ lines }: { lines: RuleLine[] }) {
  const say = useTexts(ruleTexts);
  const changed = lines.filter((line) => line.op !== 'same' && line.text.trim() !== '');
  if (changed.length === 0) return <p className="sk-quiet">{say('none')}</p>;
  return (
    <ul className="sk-difference" aria-label={say('label')}>
      {changed.map((line, i) => (
        <li key={i} data-op={line.op}>
          <span>{say(line.op === 'added' ? 'added' : 'removed')}</span>
          {line.op === 'added' ? <ins>{line.text.replace(/^## /, '')}</ins> : <del>{line.text.replace(/^## /, '')}</del>}
        </li>
      ))}
    </ul>
  );
}
