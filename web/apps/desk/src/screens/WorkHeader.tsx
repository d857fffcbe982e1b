import { Button, Menu } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { BulbIcon, CheckIcon, CupIcon, GateMark, LeaveIcon, RecordIcon, ShieldIcon } from '@sekisho/ui/icons';
import { LanguageSwitch } from '@sekisho/ui/LanguageSwitch';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { elapsed } from '@sekisho/ui/time';
import { consoleTexts } from '../consoleTexts';
import { GuardChip } from '../parts/GuardChip';
import { useClock } from '../parts/useClock';
import { useSeat, useWorkplace } from '../place';
import { deskTexts } from '../texts';
import { roomTexts } from '../roomTexts';
import { trainingTexts } from '../trainingTexts';
import { workTexts } from '../workTexts';

export type WorkHeaderProps = { records: boolean; onRecords: () => void; training: boolean; onTraining: () => void; room: boolean; roomDue: boolean; onRoom: () => void; console: boolean; onConsole: () => void; onEnd: () => void };

/** WorkHeader keeps in one line what must always be in view: keys, guard, time, break. */
export function WorkHeader({ records, onRecords, training, onTraining, room, roomDue, onRoom, console, onConsole, onEnd }: WorkHeaderProps) {
  const learn = useTexts(trainingTexts);
  const check = useTexts(roomTexts);
  const open = useSeat().me?.training.open ?? 0;
  const say = useTexts(workTexts);
  const ui = useTexts(uiTexts);
  const workplace = useWorkplace();
  const manage = useTexts(consoleTexts);
  const { me } = useSeat();
  const serves = me?.person.console === true && me.session?.class === 'face';
  const narrow = useMediaQuery('(max-width: 1080px)', window.innerWidth <= 1080);
  // The names of training and of the room check need more room than most screens have: there a menu has
  // what is not due. Where the console's button stands too, it has all of them.
  const short = useMediaQuery('(max-width: 1500px)', window.innerWidth <= 1500);
  const folded = short && serves;
  return (
    <header className="dk-head">
      <span className="sk-brand">
        <GateMark />
        {!narrow && <span className="sk-brand-name">{ui('brand.name')}</span>}
      </span>
      <KeysDone narrow={narrow} />
      <span className="dk-head-guard" aria-label={say('head.guard')} role="group">
        <GuardChip />
      </span>
      <Timer />
      <div className="dk-head-end">
        {serves && (
          <Button variant={console ? 'light' : 'default'} size="compact-md" aria-pressed={console} onClick={onConsole}>
            {console ? manage('close') : manage('open')}
          </Button>
        )}
        <Button variant="default" size="compact-md" leftSection={<CupIcon size={18} />} onClick={() => workplace.rest()}>
          {say('head.break')}
        </Button>
        {narrow || folded ? (
          <NarrowMenu open={open} records={records} onRecords={onRecords} training={training} onTraining={onTraining} room={room} roomDue={roomDue} onRoom={onRoom} onEnd={onEnd} />
        ) : (
          <>
            <Button variant="subtle" color="gray" className="sk-language" size="compact-md" leftSection={<RecordIcon size={18} />} aria-pressed={records} onClick={onRecords}>
              {say('head.records')}
            </Button>
            {(!short || open > 0) && (
              <Button
                variant={open > 0 ? 'light' : 'subtle'}
                {...(open > 0 ? {} : { color: 'gray' })}
                className="sk-language"
                size="compact-md"
                leftSection={<BulbIcon size={18} />}
                aria-label={open > 0 ? learn('head.open.name', { count: open }) : learn('head')}
                aria-pressed={training}
                onClick={onTraining}
              >
                {open > 0 ? learn('head.open', { count: open }) : learn('head')}
              </Button>
            )}
            {(!short || roomDue) && (
              <Button
                variant={roomDue ? 'light' : 'subtle'}
                {...(roomDue ? {} : { color: 'gray' })}
                className="sk-language"
                size="compact-md"
                leftSection={<ShieldIcon size={18} />}
                aria-label={check(roomDue ? 'head.due' : 'head')}
                aria-pressed={room}
                onClick={onRoom}
              >
                {check('head')}
              </Button>
            )}
            {short && !(open > 0 && roomDue) && (
              <RestMenu
                {...(open > 0 ? {} : { training: { name: training ? learn('back.work') : learn('head'), go: onTraining } })}
                {...(roomDue ? {} : { room: { name: check(room ? 'back' : 'head'), go: onRoom } })}
              />
            )}
            <LanguageSwitch />
            <Button variant="subtle" color="gray" className="sk-language" size="compact-md" leftSection={<LeaveIcon size={18} />} onClick={onEnd}>
              {say('head.end')}
            </Button>
          </>
        )}
      </div>
    </header>
  );
}

function KeysDone({ narrow }: { narrow: boolean }) {
  const say = useTexts(workTexts);
  const desk = useTexts(deskTexts);
  const { me } = useSeat();
  const approved = me?.session?.class === 'approved';
  const keys = [desk('keys.device'), desk('keys.line'), approved ? say('head.approved') : desk('keys.person')];
  return (
    <ul className={narrow ? 'dk-done dk-done-narrow' : 'dk-done'} aria-label={say('head.keys')}>
      {keys.map((name) => (
        <li key={name}>
          <CheckIcon size={16} />
          <span>{name}</span>
        </li>
      ))}
    </ul>
  );
}

function Timer() {
  const say = useTexts(workTexts);
  const workplace = useWorkplace();
  const { me } = useSeat();
  const now = useClock();
  const expires = me?.session?.expires;
  return (
    <dl className="dk-timer">
      <dt>{say(expires ? 'head.left' : 'head.timer')}</dt>
      <dd className="sk-numbers">{expires ? elapsed(Date.parse(expires) - Date.now()) : elapsed(now - workplace.openedAt)}</dd>
    </dl>
  );
}

type Item = { name: string; go: () => void };

/** RestMenu has what is not due, by name, where its names do not fit in the line. */
function RestMenu({ training, room }: { training?: Item; room?: Item }) {
  const say = useTexts(workTexts);
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="subtle" color="gray" className="sk-language" size="compact-md">
          {say('head.menu')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {training && <Menu.Item onClick={training.go}>{training.name}</Menu.Item>}
        {room && <Menu.Item onClick={room.go}>{room.name}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

function NarrowMenu({ open, records, onRecords, training, onTraining, room, roomDue, onRoom, onEnd }: Omit<WorkHeaderProps, 'console' | 'onConsole'> & { open: number }) {
  const check = useTexts(roomTexts);
  const learn = useTexts(trainingTexts);
  const say = useTexts(workTexts);
  const ui = useTexts(uiTexts);
  const { language, setLanguage } = useLanguage();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        {open > 0 || roomDue ? (
          <Button variant="light" className="sk-language" size="compact-md" leftSection={<BulbIcon size={18} />}>
            {say('head.menu')}
          </Button>
        ) : (
          <Button variant="subtle" color="gray" className="sk-language" size="compact-md">
            {say('head.menu')}
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onRecords}>{say(records ? 'records.back' : 'head.records')}</Menu.Item>
        <Menu.Item onClick={onTraining}>{training ? learn('back.work') : open > 0 ? learn('head.open.name', { count: open }) : learn('head')}</Menu.Item>
        <Menu.Item onClick={onRoom}>{room ? check('back') : check(roomDue ? 'head.due' : 'head')}</Menu.Item>
        <Menu.Item lang={language === 'ja' ? 'en' : 'ja'} onClick={() => setLanguage(language === 'ja' ? 'en' : 'ja')}>
          {ui('language.other')}
        </Menu.Item>
        <Menu.Item onClick={onEnd}>{say('head.end')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
