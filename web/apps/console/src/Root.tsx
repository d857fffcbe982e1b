import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { sessionQuery } from './api/queries';
import { Answer } from './parts/Answer';
import { HomeLogin } from './home/HomeLogin';
import { Card } from './session/Card';
import { Invitation } from './session/Invitation';
import { Login } from './session/Login';
import { Lost } from './session/Lost';
import { Returned, type Back } from './session/Returned';
import { Setup } from './session/Setup';
import { Shell } from './shell/Shell';
import { shellTexts } from './shell/texts';

/** Root decides by the session which of the five faces the console has: loss, set-up, invitation, sign-in, work. */
export function Root() {
  const say = useTexts(shellTexts);
  const session = useQuery(sessionQuery);
  const path = useLocation({ select: (at) => at.pathname });
  const token = useLocation({ select: (at) => ('token' in at.search ? at.search.token : '') });
  const back = useLocation({ select: (at) => backOf(at.search) });
  if (session.data === undefined) {
    return (
      <Card title={say('place')} demo={false}>
        <Answer query={session}>{() => null}</Answer>
      </Card>
    );
  }
  const { state, demo, person, home } = session.data;
  if (home && (state !== 'signed_in' || !person)) return <HomeLogin home={home} demo={demo} />;
  if (path === '/lost') return <Lost token={token ?? ''} demo={demo} />;
  if (path === '/setup' || state === 'setup') return <Setup token={token ?? ''} needed={state === 'setup'} demo={demo} />;
  if (path === '/oidc') return <Returned back={back} demo={demo} />;
  if (path === '/invitation') return <Invitation token={token ?? ''} demo={demo} />;
  if (state !== 'signed_in' || !person) return <Login demo={demo} />;
  return <Shell me={person} demo={demo} home={home !== undefined} />;
}

function backOf(search: { [name: string]: unknown }): Back {
  const text = (name: keyof Back) => (typeof search[name] === 'string' ? search[name] : '');
  return { state: text('state'), code: text('code'), iss: text('iss'), error: text('error') };
}
