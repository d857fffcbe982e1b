import { Button } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { CheckIcon, WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { WitnessCase } from '../api/witnessQueries';
import { Loading } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { Facts } from '../parts/Facts';
import { PageHead } from '../parts/PageHead';
import { Decide } from './Decide';
import { OldPicture } from './OldPicture';
import { witnessTexts } from './texts';
import { useWatch } from './useWatch';
import './witness.css';

/** WitnessPage shows an enrolment in another place to its witness, as it happens. */
export function WitnessPage({ id }: { id: string }) {
  const say = useTexts(witnessTexts);
  const { shown, picture, problem, set } = useWatch(id);
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')}>
        <Button component={Link} to="/approvals" variant="default">
          {say('back')}
        </Button>
      </PageHead>
      {problem && <ProblemNotice problem={problem} />}
      {shown === null && !problem && <Loading />}
      {shown !== null && (over(shown) ? <Over shown={shown} /> : <Live shown={shown} picture={picture} onChange={set} />)}
    </>
  );
}

const over = ({ state }: WitnessCase) => state === 'confirmed' || state === 'used' || state === 'refused' || state === 'ended';

function Over({ shown }: { shown: WitnessCase }) {
  const say = useTexts(witnessTexts);
  const how = shown.state === 'confirmed' || shown.state === 'used' ? 'confirmed' : shown.state === 'refused' ? 'refused' : 'ended';
  return (
    <div role="status">
      <Empty icon={how === 'confirmed' ? <CheckIcon size={36} /> : <WarnIcon size={36} />} title={say(`done.${how}`)} text={say(`done.${how}.do`)} />
    </div>
  );
}

function Live({ shown, picture, onChange }: { shown: WitnessCase; picture: string; onChange: (now: WitnessCase) => void }) {
  const say = useTexts(witnessTexts);
  const [old, setOld] = useState('');
  const gone = shown.old === 'kept' || shown.old === 'asked'; // asked for anew: what was opened is not what will be compared
  useEffect(() => {
    if (gone) setOld('');
  }, [gone]);
  return (
    <div className="co-witness">
      <div className="co-witness-side">
        <div className="co-witness-faces" data-two={shown.old !== 'none'}>
          <figure className="co-witness-face">
            <figcaption>{say('live')}</figcaption>
            {picture === '' ? (
              <p className="co-witness-none" role="status">
                {say(shown.state === 'taken' ? 'waiting.agree' : 'waiting.picture', { name: shown.name })}
              </p>
            ) : (
              <img src={picture} alt={say('live.alt', { name: shown.name })} />
            )}
          </figure>
          {shown.old !== 'none' && <OldPicture shown={shown} picture={old} onOpened={setOld} />}
        </div>
        <Decide shown={shown} compared={old !== '' && shown.old === 'seen'} onChange={onChange} />
      </div>
      <div className="co-witness-side">
        <Request shown={shown} />
        <Who shown={shown} />
      </div>
    </div>
  );
}

function Request({ shown }: { shown: WitnessCase }) {
  const say = useTexts(witnessTexts);
  const { request } = shown;
  if (request === null) return null;
  return (
    <section className="co-witness-request" aria-labelledby="request">
      <h2 id="request">{say('request')}</h2>
      <p className="co-witness-say">
        {say('request.say', { hand: say(`hand.${request.hand}`), fingers: say(`fingers.${request.fingers}`), place: say(`place.${request.place}`) })}
      </p>
      <p className="co-quiet">{say('request.note')}</p>
    </section>
  );
}

function Who({ shown }: { shown: WitnessCase }) {
  const say = useTexts(witnessTexts);
  const { language } = useLanguage();
  return (
    <section aria-labelledby="who">
      <h2 id="who">{say('who')}</h2>
      <Facts
        facts={[
          { label: say('name'), value: shown.name },
          { label: say('login'), value: shown.login },
          { label: say('pc'), value: shown.asset_tag },
          { label: say('replaces'), value: shown.replaces === '' ? say('replaces.none') : shown.replaces },
          { label: say('received'), value: shown.received === null ? say('received.none') : say('received.by', { at: dateTime(shown.received, language), name: shown.received_by }) },
        ]}
      />
    </section>
  );
}
