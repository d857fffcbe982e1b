import { Button, Modal, Tabs } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { DeskDesktop } from '@sekisho/wire/desk';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useEffect, useState, type ReactNode } from 'react';
import { z } from '@sekisho/wire/z';
import { ConsoleFrame } from '../parts/ConsoleFrame';
import { ConfirmPresence } from '../parts/ConfirmPresence';
import { DesktopView } from '../parts/DesktopView';
import { Dim } from '../parts/Dim';
import { PostureWarning } from '../parts/PostureWarning';
import { ShiftWarning } from '../parts/ShiftWarning';
import { Telephone } from '../calls/Telephone';
import { useSeat, useWorkplace } from '../place';
import { opennessOf } from '../rules';
import { workTexts } from '../workTexts';
import { useRoom } from '../useRoom';
import { Records } from './Records';
import { RoomPanel } from './Room';
import { TrainingPanel } from './Training';
import { WorkHeader } from './WorkHeader';

const Desktops = z.array(DeskDesktop);

/** Work is the only screen that shows anything of the work; it exists only while the seat is open. */
export function Work({ strips }: { strips: ReactNode }) {
  const say = useTexts(workTexts);
  const seat = useSeat();
  const [records, setRecords] = useState(false);
  const [training, setTraining] = useState(false);
  const [checking, setChecking] = useState(false);
  const room = useRoom();
  const [console, setConsole] = useState(false);
  const [ending, setEnding] = useState(false);
  const dim = opennessOf(seat) === 'dim';
  return (
    <div className="dk-work">
      {strips}
      <WorkHeader
        records={records}
        onRecords={() => {
          setRecords(!records);
          setTraining(false);
          setChecking(false);
          setConsole(false);
        }}
        training={training}
        onTraining={() => {
          setTraining(!training);
          setRecords(false);
          setChecking(false);
          setConsole(false);
        }}
        room={checking}
        roomDue={room.room?.due === true}
        onRoom={() => {
          setChecking(!checking);
          setRecords(false);
          setTraining(false);
          setConsole(false);
        }}
        console={console}
        onConsole={() => {
          setConsole(!console);
          setRecords(false);
          setTraining(false);
          setChecking(false);
        }}
        onEnd={() => setEnding(true)}
      />
      <PostureWarning />
      <ShiftWarning />
      <Telephone />
      <main id="main" className="dk-work-main" tabIndex={-1}>
        <h1 className="sk-unseen">{say('work.title')}</h1>
        <DesktopTabs covered={records || training || checking || console || dim || ending} />
        {console && <ConsoleFrame covered={dim || ending} />}
        {records && <Records onBack={() => setRecords(false)} />}
        {training && <TrainingPanel onBack={() => setTraining(false)} />}
        {checking && <RoomPanel read={room} onBack={() => setChecking(false)} />}
        {dim && <Dim countdown={seat.verdict?.countdown ?? 0} />}
        <ConfirmPresence />
      </main>
      <EndQuestion opened={ending} onClose={() => setEnding(false)} />
    </div>
  );
}

function DesktopTabs({ covered }: { covered: boolean }) {
  const say = useTexts(workTexts);
  const workplace = useWorkplace();
  const [desktops, setDesktops] = useState<DeskDesktop[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  const [chosen, setChosen] = useState<string | null>(null);

  useEffect(() => {
    const stop = new AbortController();
    setProblem(null);
    workplace.desk.ask('GET', 'desktops', Desktops, undefined, stop.signal).then(setDesktops, (thrown: unknown) => {
      if (!stop.signal.aborted) setProblem(problemOf(thrown));
    });
    return () => stop.abort();
  }, [workplace, tries]);

  if (problem) {
    return (
      <div className="dk-work-notice">
        <ProblemNotice problem={problem} onRetry={() => setTries(tries + 1)} />
      </div>
    );
  }
  if (!desktops) return <p className="dk-work-notice" role="status">{say('desktop.opening')}</p>;
  const desktop = desktops.find((d) => d.id === chosen) ?? desktops[0];
  if (!desktop) {
    return (
      <div className="dk-work-notice">
        <h2 className="dk-heading">{say('desktop.none')}</h2>
        <p>{say('desktop.none.do')}</p>
        <div>
          <Button variant="default" onClick={() => setTries(tries + 1)}>
            {say('desktop.none.again')}
          </Button>
        </div>
      </div>
    );
  }
  if (desktops.length === 1) return <DesktopView key={desktop.id} desktop={desktop} covered={covered} />;
  return (
    <Tabs className="dk-tabs" value={desktop.id} onChange={setChosen} keepMounted={false} inert={covered}>
      <Tabs.List aria-label={say('desktop.list')}>
        {desktops.map((d) => (
          <Tabs.Tab key={d.id} value={d.id}>
            {d.name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {desktops.map((d) => (
        <Tabs.Panel key={d.id} value={d.id}>
          <DesktopView desktop={d} covered={covered} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function EndQuestion({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const say = useTexts(workTexts);
  const workplace = useWorkplace();
  return (
    <Modal.Root opened={opened} onClose={onClose} centered transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body className="dk-question">
          <Modal.Title className="dk-question-title">{say('end.title')}</Modal.Title>
          <p>{say('end.body')}</p>
          <div className="dk-actions">
            <Button variant="default" onClick={onClose} data-autofocus>
              {say('end.no')}
            </Button>
            <Button onClick={() => void workplace.end()}>{say('end.yes')}</Button>
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
