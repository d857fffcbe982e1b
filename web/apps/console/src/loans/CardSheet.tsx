import { useTexts } from '@sekisho/ui/language';
import { loanTexts } from './texts';

/** CardSheet is the loss card as it is printed: what to do, and the link. */
export function CardSheet({ tag, name, link }: { tag: string; name: string; link: string }) {
  const say = useTexts(loanTexts);
  return (
    <section className="co-sheet" aria-label={`${say('card')} ${tag}`}>
      <h3>{say('card.title')}</h3>
      <p className="co-sheet-who">
        <b>{tag}</b> {name}
      </p>
      <ol>
        <li>{say('card.1')}</li>
        <li>{say('card.2')}</li>
        <li>{say('card.3')}</li>
      </ol>
      <p className="co-sheet-code">{link}</p>
      <p className="co-slip-sign">{say('card.phone')}</p>
    </section>
  );
}
