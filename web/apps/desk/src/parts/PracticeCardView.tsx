import { CheckIcon, CrossIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import type { PracticeCard } from '@sekisho/wire/practice';
import { practiceTexts } from '../practiceTexts';

/** PracticeCardView is an invented customer as work shows a real one: masked, with the verdict of 本人確認. */
export function PracticeCardView({ card }: { card: PracticeCard }) {
  const say = useTexts(practiceTexts);
  const { language } = useLanguage();
  const { customer } = card;
  const rows = [
    [say('card.phone'), customer.phone],
    [say('card.number'), customer.card],
    [say('card.plan'), customer.plan[language]],
    [say('card.renewal'), customer.renewal[language]],
    [say('card.form'), say(card.form === '' ? 'form.none' : `form.${card.form}`)],
  ];
  return (
    <section className="dk-practice-card" aria-labelledby="practice-card">
      <h2 id="practice-card">{say('card')}</h2>
      <p className="dk-practice-name">{customer.name[language]}</p>
      <p className="dk-practice-verdict" data-verdict={card.verdict} role="status">
        {card.verdict === 'verified' && <CheckIcon size={16} />}
        {card.verdict === 'failed' && <CrossIcon size={16} />}
        <span>
          {say('card.verdict')}: {say(`verdict.${card.verdict}`)}
        </span>
      </p>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
