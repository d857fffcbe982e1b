import { LockIcon, InfoIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import type { Role } from '@sekisho/wire/states';
import { Empty } from '../parts/Empty';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { shellTexts } from './texts';

/** Refused is a screen that this person's roles do not open: whom to ask, and with what. */
export function Refused({ roles }: { roles: readonly Role[] }) {
  const say = useTexts(partTexts);
  const shell = useTexts(shellTexts);
  const ui = useTexts(uiTexts);
  const names = roles.map((role) => ui(`role.${role}`)).join(shell('list.separator'));
  return (
    <>
      <PageHead title={say('refused')} />
      <Empty icon={<LockIcon size={36} />} title={say('refused')} text={say('refused.do', { roles: names })} />
    </>
  );
}

/** Missing answers a route that does not exist. */
export function Missing() {
  const say = useTexts(partTexts);
  return (
    <>
      <PageHead title={say('missing')} />
      <Empty icon={<InfoIcon size={36} />} title={say('missing')} text={say('missing.do')} />
    </>
  );
}
