import { useTexts } from '@sekisho/ui/language';
import { isRight, rightTexts } from './rightTexts';
import { roleTexts } from './texts';

/** RightList says rights as sentences. */
export function RightList({ rights }: { rights: readonly string[] }) {
  const say = useTexts(rightTexts);
  const words = useTexts(roleTexts);
  if (rights.length === 0) return <p className="co-quiet">{words('none')}</p>;
  return (
    <ul className="co-rights">
      {rights.map((right) => (
        <li key={right}>{isRight(right) ? say(right) : right}</li>
      ))}
    </ul>
  );
}
