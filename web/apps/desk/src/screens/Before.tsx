import { Button, Loader } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import type { Problem } from '@sekisho/wire/problem';
import { Command } from '../parts/Command';
import { Heading } from '../parts/Heading';
import { Sheet } from '../parts/Sheet';
import { useSeat, useWorkplace } from '../place';
import { deskTexts } from '../texts';

// The screens before there is anything to connect: the page's own door.

export function Opening() {
  const say = useTexts(deskTexts);
  return (
    <div className="dk-quiet-wait" role="status">
      <Loader size="sm" />
      <h1 className="dk-heading-quiet">{say('opening.title')}</h1>
    </div>
  );
}

export function NeedsTicket() {
  const say = useTexts(deskTexts);
  return (
    <Sheet>
      <Heading>{say('ticket.title')}</Heading>
      <p>{say('ticket.body')}</p>
      <p>{say('ticket.do')}</p>
      <Command>sekisho-agent open</Command>
    </Sheet>
  );
}

export function Replaced() {
  const say = useTexts(deskTexts);
  return (
    <Sheet>
      <Heading>{say('replaced.title')}</Heading>
      <p>{say('replaced.body')}</p>
      <p>{say('replaced.do')}</p>
    </Sheet>
  );
}

export function Refused({ problem }: { problem: Problem }) {
  const say = useTexts(deskTexts);
  return (
    <Sheet>
      <Heading>{say('ticket.title')}</Heading>
      <ProblemNotice problem={problem} />
      <p>{say('ticket.do')}</p>
      <Command>sekisho-agent open</Command>
    </Sheet>
  );
}

export function Elsewhere() {
  const say = useTexts(deskTexts);
  const workplace = useWorkplace();
  return (
    <Sheet>
      <Heading>{say('elsewhere.title')}</Heading>
      <p>{say('elsewhere.body')}</p>
      <div className="dk-actions">
        <Button size="md" onClick={() => workplace.takeTab(true)}>
          {say('elsewhere.here')}
        </Button>
      </div>
    </Sheet>
  );
}

export function AgentGone() {
  const say = useTexts(deskTexts);
  return (
    <Sheet>
      <Heading>{say('gone.title')}</Heading>
      <div className="dk-inline-wait" role="status">
        <Loader size="sm" />
        <p>{say('gone.body')}</p>
      </div>
    </Sheet>
  );
}

export function Unenrolled() {
  const say = useTexts(deskTexts);
  const { status } = useSeat();
  if (status?.again) return <KeyLost title={status.title} action={status.action} />;
  return (
    <Sheet>
      <Heading>{say('unenrolled.title')}</Heading>
      {status !== null && status.code !== '' && status.code !== 'enrolment.none' && (
        <p className="dk-caution">
          {status.title} {status.action}
        </p>
      )}
      <p>{say('unenrolled.body')}</p>
      <p>{say('unenrolled.do')}</p>
      <Command>{`sekisho-agent enroll <${say('unenrolled.code')}>`}</Command>
    </Sheet>
  );
}

/** KeyLost: this PC was enrolled, and its TPM no longer has the key. */
function KeyLost({ title, action }: { title: string; action: string }) {
  const say = useTexts(deskTexts);
  const workplace = useWorkplace();
  const { problem } = useSeat();
  return (
    <Sheet>
      <Heading>{say('lost.title')}</Heading>
      <p>{title}</p>
      <p>{action}</p>
      <p>{say('lost.face')}</p>
      {problem && <ProblemNotice problem={problem} />}
      <div className="dk-actions">
        <Button size="md" onClick={() => void workplace.enrolAgain()}>
          {say('lost.again')}
        </Button>
      </div>
      <Facts />
    </Sheet>
  );
}

export function Pending() {
  const say = useTexts(deskTexts);
  const { status } = useSeat();
  return (
    <Sheet>
      <Heading>{say('pending.title')}</Heading>
      <p>{say('pending.body')}</p>
      <dl className="dk-fingerprint">
        <dt>{say('pending.fingerprint')}</dt>
        <dd>
          {(status?.fingerprint ?? '').split('-').map((group, i) => (
            <span key={i}>{group}</span>
          ))}
        </dd>
      </dl>
      <p className="dk-caution">{say('pending.differ')}</p>
      <div className="dk-inline-wait" role="status">
        <Loader size="sm" />
        <p>{say('pending.next')}</p>
      </div>
      <Facts />
    </Sheet>
  );
}

/** Facts are what the operator can tell the help desk about this PC. */
export function Facts() {
  const say = useTexts(deskTexts);
  const { status } = useSeat();
  if (!status) return null;
  const facts: [string, string][] = [
    [say('device.tag'), status.asset_tag],
    [say('device.server'), status.server],
    [say('device.version'), status.version],
  ];
  return (
    <dl className="dk-facts">
      {facts
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
