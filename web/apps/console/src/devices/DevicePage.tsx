import { useLanguage, useTexts } from '@sekisho/ui/language';
import { BackIcon, WarnIcon } from '@sekisho/ui/icons';
import { uiTexts } from '@sekisho/ui/texts';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { deviceQuery } from '../api/queries';
import type { Device } from '../api/views';
import { Answer } from '../parts/Answer';
import { Facts, type Fact } from '../parts/Facts';
import { loanTexts } from '../loans/texts';
import { PageHead } from '../parts/PageHead';
import { usePolicyName } from '../policies/words';
import { PosturePanel } from '../posture/PosturePanel';
import { CodePanel } from './CodePanel';
import { Compare } from './Compare';
import { DeviceActs } from './DeviceActs';
import { DeviceState } from './DeviceState';
import { poolTexts } from '../pools/texts';
import { deviceTexts } from './texts';

/** DevicePage is one PC: where it stands in its life, and the steps from there. */
export function DevicePage({ id }: { id: string }) {
  const say = useTexts(deviceTexts);
  const device = useQuery(deviceQuery(id));
  return (
    <>
      <Link to="/devices" className="co-back">
        <BackIcon size={18} />
        {say('to.list')}
      </Link>
      <PageHead title={device.data?.asset_tag ?? say('title')}>{device.data && <DeviceState state={device.data.state} />}</PageHead>
      <Answer query={device}>{(one) => <DeviceBody device={one} />}</Answer>
    </>
  );
}

function DeviceBody({ device }: { device: Device }) {
  const say = useTexts(deviceTexts);
  const loans = useTexts(loanTexts);
  return (
    <>
      <div className="co-columns">
        <div>
        {device.trouble !== '' && <Trouble device={device} />}
          {device.state === 'pending' && <Compare device={device} />}
          <CodePanel device={device} />
          <p>
            <Link to="/loans/$id" params={{ id: device.id }} className="co-link">
              {loans('to.loan')}
            </Link>
          </p>
          <section className="co-block" aria-labelledby="acts">
            <h2 id="acts">{say('acts')}</h2>
            <DeviceActs device={device} />
          </section>
        </div>
        <section className="co-block">
          <Facts facts={useFacts(device)} />
        </section>
      </div>
      {(device.state === 'issued' || device.state === 'suspended') && <PosturePanel device={device} />}
    </>
  );
}

/** Trouble is what is wrong with a PC's TPM, and the way out. */
function Trouble({ device }: { device: Device }) {
  const say = useTexts(deviceTexts);
  const { language } = useLanguage();
  return (
    <p className="co-note co-trouble" data-tone="attention" role="status">
      <WarnIcon size={18} />
      <span>
        <b>{device.trouble_text || device.trouble}</b> {device.trouble_at !== null && say('trouble.at', { at: dateTime(device.trouble_at, language) })}
        <br />
        {say(device.state === 'pending' ? 'trouble.pending' : 'trouble.code')}
      </span>
    </p>
  );
}

function useFacts(device: Device): Fact[] {
  const say = useTexts(deviceTexts);
  const ui = useTexts(uiTexts);
  const { language } = useLanguage();
  const shared = useTexts(poolTexts);
  const policyName = usePolicyName();
  const at = (time: string | null) => (time === null ? '' : dateTime(time, language));
  const facts: Fact[] = [
    { label: say('col.person'), value: device.person_name },
    { label: say('fact.model'), value: device.model },
    { label: say('col.place'), value: ui(device.place === '' ? 'place.none' : `place.${device.place}`) },
    { label: say('col.policy'), value: policyName(device.policy) },
    { label: ui('tier.label'), value: device.tier === '' ? ui('tier.none') : device.tier },
    { label: say('fact.key'), value: say(device.key_kind === '' ? 'key.none' : `key.${device.key_kind}`) },
  ];
  if (device.pool !== null) facts.splice(1, 0, { label: shared('device.shared'), value: `${device.pool.name} — ${device.pool.people.length === 0 ? shared('device.nobody') : shared('device.people', { people: device.pool.people.join(shared('separator')) })}` });
  if (device.key_kind === 'tpm') facts.push({ label: say('fact.ground'), value: say(device.ground === '' ? 'ground.none' : `ground.${device.ground}`) });
  if (device.ek !== '') facts.push({ label: say('fact.ek'), value: <span className="co-id">{device.ek}</span> });
  if (device.fingerprint !== '') facts.push({ label: say('fact.fingerprint'), value: <span className="co-id">{device.fingerprint}</span> });
  if (device.hostname !== '') facts.push({ label: say('fact.hostname'), value: device.hostname });
  if (device.platform !== '') facts.push({ label: say('fact.platform'), value: device.platform });
  if (device.agent !== '') facts.push({ label: say('fact.agent'), value: device.agent });
  facts.push({ label: say('fact.registered'), value: at(device.registered) }, { label: say('fact.since'), value: at(device.since) });
  if (device.reason !== '') facts.push({ label: say('fact.reason'), value: device.reason });
  return facts;
}
