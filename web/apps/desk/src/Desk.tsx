import { useTexts } from '@sekisho/ui/language';
import { Page } from '@sekisho/ui/Page';
import { Strips } from '@sekisho/ui/Strips';
import { useEffect } from 'react';
import { Leave } from './parts/Leave';
import { useSeat } from './place';
import { Black } from './screens/Black';
import { BreakScreen } from './screens/BreakScreen';
import { AgentGone, Elsewhere, NeedsTicket, Opening, Pending, Refused, Replaced, Unenrolled } from './screens/Before';
import { Start } from './screens/Start';
import { StepScreen } from './screens/StepScreen';
import { Work } from './screens/Work';
import { viewOf, type View } from './rules';
import { deskTexts } from './texts';
import { useNotice } from './useNotice';

/** between are the screens from 接続 on that are not work: each has a way out. */
const between: readonly View['view'][] = ['connecting', 'step', 'black', 'break'];

/** Desk shows the one screen that the seat allows. */
export function Desk() {
  const say = useTexts(deskTexts);
  const seat = useSeat();
  const view = viewOf(seat);
  const notice = useNotice(seat.me !== null);
  const title = titleOf(view);
  useEffect(() => {
    document.title = say(title);
  }, [say, title]);
  const strips = <Strips demo={seat.me?.demo ?? false} tierC={seat.status?.tier === 'C'} demoEngine={seat.status?.engine === 'demo'} notice={notice} />;
  if (view.view === 'work') return <Work strips={strips} />;
  return (
    <Page place={say('place')} strips={strips} dark={view.view === 'black' || view.view === 'break'} end={between.includes(view.view) && <Leave />}>
      <Screen view={view} />
    </Page>
  );
}

function titleOf(view: View): 'title.desk' | 'title.work' | 'title.black' | 'title.break' {
  switch (view.view) {
    case 'work':
      return 'title.work';
    case 'black':
      return 'title.black';
    case 'break':
      return 'title.break';
    default:
      return 'title.desk';
  }
}

function Screen({ view }: { view: Exclude<View, { view: 'work' }> }) {
  switch (view.view) {
    case 'opening':
      return <Opening />;
    case 'ticket':
      return <NeedsTicket />;
    case 'replaced':
      return <Replaced />;
    case 'refused':
      return <Refused problem={view.problem} />;
    case 'elsewhere':
      return <Elsewhere />;
    case 'agentGone':
      return <AgentGone />;
    case 'unenrolled':
      return <Unenrolled />;
    case 'pending':
      return <Pending />;
    case 'start':
      return <Start />;
    case 'connecting':
      return <StepScreen step="connecting" />;
    case 'step':
      return <StepScreen step={view.step} />;
    case 'black':
      return <Black cause={view.cause} />;
    case 'break':
      return <BreakScreen />;
  }
}
