import { Button, Group } from '@mantine/core';
import { WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import type { KitSlip } from '../api/loanViews';
import { PageHead } from '../parts/PageHead';
import { shellTexts } from '../shell/texts';
import { CardSheet } from './CardSheet';
import { kittingTexts } from './kittingTexts';

/** KitSheets are the slips and loss cards of a kit, a page each, the one time they can be shown. */
export function KitSheets({ slips, onDone }: { slips: KitSlip[]; onDone: () => void }) {
  const say = useTexts(kittingTexts);
  return (
    <>
      <PageHead title={say('slips', { count: slips.length })}>
        <Group gap="sm">
          <Button className="co-office" onClick={() => window.print()}>{say('slips.print')}</Button>
          <Button variant="default" onClick={onDone}>
            {say('slips.done')}
          </Button>
        </Group>
      </PageHead>
      <p className="co-note co-no-print" data-tone="attention" role="status">
        <WarnIcon size={18} />
        <span>{say('slips.once')}</span>
      </p>
      <div className="co-sheets">
        {slips.map((slip) => (
          <article key={slip.device} aria-label={slip.asset_tag}>
            <Sheet slip={slip} />
            <CardSheet tag={slip.asset_tag} name={slip.person_name} link={slip.link} />
          </article>
        ))}
      </div>
    </>
  );
}

function Sheet({ slip }: { slip: KitSlip }) {
  const say = useTexts(kittingTexts);
  const shell = useTexts(shellTexts);
  return (
    <section className="co-sheet" aria-label={`${say('slip')} ${slip.asset_tag}`}>
      <h2>{say('slip')}</h2>
      <p className="co-sheet-who">
        <b>{slip.asset_tag}</b> {slip.model} {slip.person_name}
      </p>
      {slip.items.length > 0 && <p>{say('slip.items', { items: slip.items.join(shell('list.separator')) })}</p>}
      <ol>
        <li>{say('slip.1')}</li>
        <li>{say('slip.2')}</li>
        <li>{say('slip.3')}</li>
      </ol>
      <p className="co-sheet-code">sekisho-agent enroll {slip.code}</p>
    </section>
  );
}
