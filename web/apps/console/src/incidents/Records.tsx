import { Button, Stack, Text } from '@mantine/core';
import { LockIcon, WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts, type Language, type Say } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useState } from 'react';
import { download, query } from '../api/client';
import { keys } from '../api/queries';
import type { IncidentDetail } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { SaveIcon } from '../parts/icons';
import { Once } from '../parts/Once';
import { useAct } from '../parts/useAct';
import { commands, fileName } from './commands';
import { Hold } from './Hold';
import { EvidenceMark } from './Marks';
import { incidentTexts } from './texts';

/** Records says whether the sealed pictures are here, and how officers open them: never on this page. */
export function Records({ incident, holds, fetches }: { incident: IncidentDetail; holds: boolean; fetches: boolean }) {
  const say = useTexts(incidentTexts);
  const { language } = useLanguage();
  return (
    <section className="co-block" aria-labelledby="records">
      <h2 id="records">{say('records')}</h2>
      <Stack gap="sm">
        <div>
          <EvidenceMark evidence={incident.evidence} />
        </div>
        {incident.evidence === 'missing' && (
          <p className="co-note" data-tone="closed">
            <WarnIcon size={18} />
            <span>{say('evidence.missing.text')}</span>
          </p>
        )}
        {incident.evidence === 'expected' && <Text size="sm">{say('evidence.expected.text')}</Text>}
        {incident.evidence === 'none' && <Text size="sm">{say('evidence.none.text')}</Text>}
        <p className="co-note" data-tone="quiet">
          <LockIcon size={18} />
          <span>{say('records.sealed')}</span>
        </p>
        <Text size="sm">{say('records.kept', { count: incident.pictures })}</Text>
        <Text size="sm">{kept(incident, say, language)}</Text>
        {holds && (incident.pictures > 0 || incident.held) && <Hold incident={incident} />}
        {fetches ? <Fetch incident={incident} /> : <p className="co-quiet">{say('records.hidden')}</p>}
        <Viewers incident={incident} />
      </Stack>
    </section>
  );
}

function kept(incident: IncidentDetail, say: Say<keyof (typeof incidentTexts)['messages']>, language: Language): string {
  if (incident.held) return say('records.held');
  return incident.delete_at === null ? say('records.undecided') : say('records.delete', { at: dateTime(incident.delete_at, language) });
}

function Fetch({ incident }: { incident: IncidentDetail }) {
  const say = useTexts(incidentTexts);
  const [asking, setAsking] = useState<string | null>(null);
  const fetchOne = useAct(
    ({ hash, reason }: { hash: string; reason: string }) => download(query(`/evidence/${encodeURIComponent(hash)}`, { reason }), fileName(hash)),
    keys.incidents,
  );
  const several = incident.bundles.length > 1;
  return (
    <>
      {incident.bundles.map((bundle, index) => (
        <div key={bundle.hash}>
          <Button variant="default" className="co-office" leftSection={<SaveIcon size={18} />} onClick={() => setAsking(bundle.hash)}>
            {several ? say('fetch.number', { number: index + 1 }) : say('fetch')}
          </Button>
        </div>
      ))}
      {incident.bundles[0] && (
        <div className="co-how">
          <h3>{say('how')}</h3>
          <ol>
            {commands(fileName(incident.bundles[0].hash)).map((step) => (
              <li key={step.text}>
                <p>{say(step.text)}</p>
                <Once label={say('how.command')} text={step.command} />
              </li>
            ))}
          </ol>
          <p className="co-quiet">{say('how.names')}</p>
        </div>
      )}
      {asking !== null && (
        <Confirm
          title={say('fetch.title')}
          consequences={[say('fetch.1'), say('fetch.2')]}
          action={say('fetch')}
          reason="required"
          onConfirm={(reason) => fetchOne.mutateAsync({ hash: asking, reason })}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}

function Viewers({ incident }: { incident: IncidentDetail }) {
  const say = useTexts(incidentTexts);
  const { language } = useLanguage();
  return (
    <div>
      <h3>{say('viewers')}</h3>
      {incident.viewers.length === 0 ? (
        <p className="co-quiet">{say('viewers.none')}</p>
      ) : (
        <ul className="co-viewers">
          {incident.viewers.map((viewer) => (
            <li key={`${viewer.at}-${viewer.name}`}>{say('viewer', { at: dateTime(viewer.at, language), name: viewer.name, reason: viewer.reason })}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
