import { Button } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { KeyIcon, LeaveIcon, PersonIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { Page } from '@sekisho/ui/Page';
import { uiTexts } from '@sekisho/ui/texts';
import { dateTime } from '@sekisho/ui/time';
import { ownProblem, problemOf } from '@sekisho/wire/problem';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { api } from '../api/client';
import { disasterQuery } from '../api/disasterQueries';
import { leave } from '../api/queries';
import { HomeCode } from '../home/HomeCode';
import { homeTexts } from '../home/texts';
import { disasterTexts } from '../disasters/texts';
import type { Me } from '../api/views';
import { MenuIcon } from '../parts/icons';
import { Mark } from '../parts/Mark';
import { Banner } from './Banner';
import { useLive } from './live';
import { Nav } from './Nav';
import { mayOpen } from './pages';
import { Refused } from './Refused';
import { shellTexts } from './texts';

/** Shell is the frame around every screen once somebody has signed in. */
export function Shell({ me, demo, home = false }: { me: Me; demo: boolean; home?: boolean }) {
  const say = useTexts(shellTexts);
  const live = useLive();
  const path = useLocation({ select: (at) => at.pathname });
  const [open, setOpen] = useState(false);
  return (
    <Page
      place={say('place')}
      strips={<Banner demo={demo} notice={useAnnouncement(me.client)} />}
      header={
        <Button
          className="co-menu"
          variant="default"
          size="compact-md"
          leftSection={<MenuIcon size={18} />}
          aria-expanded={open}
          aria-controls="console-nav"
          onClick={() => setOpen(!open)}
        >
          {say('menu')}
        </Button>
      }
      end={<Account me={me} live={live} home={home} />}
    >
      <div className="co-frame">
        <div id="console-nav" className="co-side" data-open={open}>
          <Nav roles={me.roles} rights={me.rights} client={me.client} onChoose={() => setOpen(false)} />
        </div>
        <div className="co-body">{mayOpen(path, me.roles, me.client, me.rights) ? <Outlet /> : <Refused roles={me.roles} />}</div>
      </div>
    </Page>
  );
}

/** useAnnouncement is what a disaster in force announces, with its end; a client company's auditor is told nothing of it. */
function useAnnouncement(client: string): string {
  const say = useTexts(disasterTexts);
  const { language } = useLanguage();
  const disaster = useQuery({ ...disasterQuery, enabled: client === '' });
  if (!disaster.data?.on || disaster.data.ends === null) return '';
  return say('banner', { until: dateTime(disaster.data.ends, language), announcement: disaster.data.announcement });
}

function Account({ me, live, home }: { me: Me; live: boolean; home: boolean }) {
  const say = useTexts(shellTexts);
  const ui = useTexts(uiTexts);
  const client = useQueryClient();
  const [failure, setFailure] = useState<unknown>(null);
  const [code, setCode] = useState(false);
  const away = useTexts(homeTexts);
  const sits = !home && me.client === '' && me.roles.some((role) => role === 'supervisor' || role === 'administrator' || role === 'officer');
  const roles = me.roles.map((role) => ui(`role.${role}`)).join(say('list.separator'));
  async function signOut() {
    try {
      await api.tell('POST', '/session/end');
      leave(client);
    } catch (thrown) {
      setFailure(thrown);
    }
  }
  return (
    <>
      <span role="status" className="co-live">
        <Mark tone={live ? 'open' : 'attention'}>{live ? say('live.on') : say('live.off')}</Mark>
      </span>
      <span className="co-account" title={say('account', { name: me.name, roles })}>
        <PersonIcon size={18} />
        <span className="co-account-name">{me.name}</span>
        <span className="co-account-roles">{roles}</span>
      </span>
      {sits && (
        <Button variant="subtle" color="gray.7" size="compact-md" leftSection={<KeyIcon size={18} />} aria-label={away('code.open')} title={away('code.open')} px={6} onClick={() => setCode(true)} />
      )}
      {code && <HomeCode onClose={() => setCode(false)} />}
      <Button variant="subtle" color="gray.7" size="compact-md" leftSection={<LeaveIcon size={18} />} onClick={() => void signOut()}>
        {say('sign.out')}
      </Button>
      {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
    </>
  );
}

/** Failed is what a screen becomes when its own code fails; the rest of the console stays. */
export function Failed({ reset }: { reset: () => void }): ReactNode {
  return <ProblemNotice problem={ownProblem('page.failed')} onRetry={reset} />;
}
