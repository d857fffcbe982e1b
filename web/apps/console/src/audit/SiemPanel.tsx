import { Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { CheckIcon, WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { siemQuery } from '../api/queries';
import type { Siem } from '../api/views';
import { Mark } from '../parts/Mark';
import { auditTexts } from './texts';

/** SiemPanel says whether the log reaches the centre's SIEM, and how much waits. */
export function SiemPanel() {
  const say = useTexts(auditTexts);
  const { language } = useLanguage();
  const siem = useQuery(siemQuery);
  if (siem.isError && !siem.data) return <ProblemNotice problem={problemOf(siem.error)} onRetry={() => void siem.refetch()} />;
  const data = siem.data;
  if (!data) return null;
  return (
    <section className="co-checkpoint" aria-labelledby="siem">
      {data.failing !== null && (
        <p className="co-note" data-tone="closed" role="alert">
          <WarnIcon size={18} />
          <span>
            {say('siem.failing', { since: dateTime(data.failing, language) })} {data.title} {data.action}
          </span>
        </p>
      )}
      <div className="co-checkpoint-line">
        <h2 id="siem">{say('siem')}</h2>
        <State siem={data} />
      </div>
    </section>
  );
}

function State({ siem }: { siem: Siem }) {
  const say = useTexts(auditTexts);
  const { language } = useLanguage();
  if (!siem.on) {
    return (
      <>
        <Mark tone="quiet">{say('siem.off')}</Mark>
        <span className="co-quiet">{say('siem.off.do')}</span>
      </>
    );
  }
  const waits = siem.oldest === null ? say('siem.lag', { count: siem.lag }) : say('siem.lag.since', { count: siem.lag, since: dateTime(siem.oldest, language) });
  return (
    <>
      {!siem.known ? (
        siem.failing === null && <Mark tone="quiet">{say('siem.unknown')}</Mark>
      ) : siem.lag === 0 ? (
        <Mark tone="open" icon={<CheckIcon size={16} />}>
          {say('siem.current')}
        </Mark>
      ) : (
        <Mark tone={siem.failing === null ? 'quiet' : 'closed'}>{waits}</Mark>
      )}
      <Text size="sm">{say(siem.format === 'ocsf' ? 'siem.ocsf' : 'siem.rfc5424')}</Text>
      <Text size="sm" className="sk-numbers">
        {say('siem.to', { address: siem.address })}
      </Text>
      {siem.sent !== null && (
        <Text size="sm" className="sk-numbers">
          {say('siem.sent', { at: dateTime(siem.sent, language) })}
        </Text>
      )}
    </>
  );
}
