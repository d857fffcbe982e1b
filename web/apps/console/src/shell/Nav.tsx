import { BulbIcon, CheckIcon, DeviceIcon, EyeIcon, GlobeIcon, KeyIcon, LineIcon, PeopleIcon, ScreenIcon, ShieldIcon as GateIcon, WaitIcon, WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import type { Role } from '@sekisho/wire/states';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { actsQuery } from '../api/actQueries';
import { approvalsQuery, incidentsQuery } from '../api/queries';
import { ChipIcon, CompanyIcon, FlowIcon, HandIcon, LogIcon, ReportIcon, RuleIcon, SeatsIcon, ShieldIcon, StopIcon, TwoIcon } from '../parts/icons';
import { pagesFor, type PageEntry, type PageName } from './pages';
import { shellTexts } from './texts';

const icons: { [name in PageName]: ReactNode } = {
  floor: <SeatsIcon />,
  approvals: <TwoIcon />,
  disaster: <WarnIcon size={20} />,
  incidents: <EyeIcon />,
  readiness: <CheckIcon />,
  shifts: <WaitIcon />,
  refusals: <StopIcon />,
  devices: <DeviceIcon />,
  loans: <HandIcon />,
  pools: <SeatsIcon />,
  attestation: <ChipIcon />,
  people: <PeopleIcon />,
  clients: <CompanyIcon />,
  desktops: <ScreenIcon />,
  rules: <GateIcon />,
  policies: <RuleIcon />,
  training: <BulbIcon />,
  posture: <ShieldIcon />,
  networks: <GlobeIcon />,
  roles: <KeyIcon />,
  audit: <LogIcon />,
  reports: <ReportIcon />,
  trunks: <LineIcon />,
  queues: <WaitIcon />,
  skills: <PeopleIcon />,
  calls: <PeopleIcon />,
  callreports: <ReportIcon />,
  recordings: <LogIcon />,
  flows: <FlowIcon />,
};

const groups = ['now', 'telephone', 'define', 'check'] as const;

/** Nav lists the screens that this person may use, with what waits in each. */
export function Nav({ roles, rights, client, onChoose }: { roles: readonly Role[]; rights: readonly string[]; client: string; onChoose: () => void }) {
  const say = useTexts(shellTexts);
  const mine = pagesFor(roles, client, rights);
  const waiting = useWaiting(mine, roles);
  return (
    <nav className="co-nav" aria-label={say('nav.label')}>
      {groups.map((group) => {
        const entries = mine.filter((page) => page.group === group);
        if (entries.length === 0) return null;
        return (
          <div key={group} className="co-nav-group">
            <p id={`nav-${group}`}>{say(`group.${group}`)}</p>
            <ul aria-labelledby={`nav-${group}`}>
              {entries.map((page) => (
                <li key={page.name}>
                  <Link to={page.path} className="co-nav-link" onClick={onChoose} activeProps={{ 'aria-current': 'page' }}>
                    {icons[page.name]}
                    <span>{say(page.label)}</span>
                    <Count count={waiting[page.name] ?? 0} />
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}

function Count({ count }: { count: number }) {
  const say = useTexts(shellTexts);
  if (count === 0) return null;
  return (
    <span className="co-count">
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span className="co-hidden">{say('waiting', { count })}</span>
    </span>
  );
}

function useWaiting(mine: PageEntry[], roles: readonly Role[]): { [name in PageName]?: number } {
  const shown = (name: PageName) => mine.some((page) => page.name === name);
  const approvals = useQuery({ ...approvalsQuery, enabled: roles.some((role) => role === 'supervisor' || role === 'administrator' || role === 'officer') });
  const acts = useQuery({ ...actsQuery, enabled: shown('approvals') && roles.some((role) => role !== 'supervisor' && role !== 'operator') });
  const incidents = useQuery({ ...incidentsQuery, enabled: shown('incidents') });
  return {
    approvals: (approvals.data?.approvals.filter((one) => one.state === 'waiting').length ?? 0) + (acts.data?.open.filter((one) => one.confirms && one.state === 'waiting').length ?? 0),
    incidents: incidents.data?.incidents.filter((one) => one.decision === '').length ?? 0,
  };
}
