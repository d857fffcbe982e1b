import { CheckIcon, WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { oldFacesQuery, type OldFace } from '../api/witnessQueries';
import { Mark } from '../parts/Mark';
import { AskOld } from './AskOld';
import { GiveOld } from './GiveOld';
import { witnessTexts } from './texts';

/** OldFaces lists replacement PCs whose older picture a witness will need: supervisors ask, officers hand in. It is nothing while there is none. */
export function OldFaces({ supervises, officer, onDone }: { supervises: boolean; officer: boolean; onDone: (words: string) => void }) {
  const say = useTexts(witnessTexts);
  const faces = useQuery(oldFacesQuery);
  const list = (faces.data?.old_faces ?? []).filter((one) => one.picture !== '' && (supervises || one.asked !== null));
  if (list.length === 0) return null;
  return (
    <section aria-labelledby="old-faces" className="co-block co-queue">
      <h2 id="old-faces">{say('faces.title')}</h2>
      <p>{say(officer && !supervises ? 'faces.lead.officer' : 'faces.lead')}</p>
      <ul className="co-cards co-wide">
        {list.map((one) => (
          <li key={one.device}>
            <article className="co-approval" aria-labelledby={`old-${one.device}`}>
              <header>
                <How one={one} />
              </header>
              <h3 id={`old-${one.device}`}>{say('faces.of', { name: one.name, tag: one.asset_tag })}</h3>
              {supervises && !one.own && <AskOld one={one} onDone={onDone} />}
              {officer && one.asked !== null && (one.own ? <p>{say('faces.own')}</p> : <GiveOld one={one} onDone={onDone} />)}
            </article>
          </li>
        ))}
      </ul>
    </section>
  );
}

function How({ one }: { one: OldFace }) {
  const say = useTexts(witnessTexts);
  const { language } = useLanguage();
  if (one.given !== null) {
    return (
      <Mark tone="open" icon={<CheckIcon size={16} />}>
        {say('faces.given', { at: dateTime(one.given, language) })}
      </Mark>
    );
  }
  return (
    <Mark tone="attention" icon={<WarnIcon size={16} />}>
      {one.asked === null ? say('faces.unasked') : say('faces.asked', { name: one.witness, at: dateTime(one.asked, language) })}
    </Mark>
  );
}
