import { Button } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { PeopleIcon } from '@sekisho/ui/icons';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { longestWords } from '../api/paging';
import { skillsQuery, type SkilledOne, type Skills } from '../api/telephoneQueries';
import { Answer } from '../parts/Answer';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PageHead } from '../parts/PageHead';
import { useMay } from '../session/useMay';
import { SkillsForm } from './SkillsForm';
import { skillTexts } from './texts';

/** SkillsPage is the matrix of operators and what they can do. */
export function SkillsPage() {
  const say = useTexts(skillTexts);
  const skills = useQuery(skillsQuery);
  const allowed = useMay();
  const may = allowed('supervisor') || allowed('administrator');
  const [open, setOpen] = useState<SkilledOne | null>(null);
  return (
    <>
      <PageHead title={say('title')} lead={may ? say('lead') : `${say('lead')} ${say('read.only')}`} />
      <Answer query={skills}>
        {(answer) =>
          answer.people.length === 0 ? <Empty icon={<PeopleIcon size={36} />} title={say('empty')} text={say('empty.do')} /> : <Matrix answer={answer} may={may} onOpen={setOpen} />
        }
      </Answer>
      {open && skills.data && <SkillsForm person={open} names={skills.data.names} onClose={() => setOpen(null)} />}
    </>
  );
}

function Matrix({ answer, may, onOpen }: { answer: Skills; may: boolean; onOpen: (person: SkilledOne) => void }) {
  const say = useTexts(skillTexts);
  const [words, setWords] = useState('');
  const wanted = plain(words).toLowerCase();
  const people = answer.people.filter((one) => `${one.name} ${one.login}`.normalize('NFKC').toLowerCase().includes(wanted));
  const columns = useMemo<Column<SkilledOne>[]>(() => {
    const degree = (one: SkilledOne, name: string) => one.skills.find((skill) => skill.name === name)?.degree ?? 0;
    return [
      {
        id: 'name',
        label: say('col.name'),
        show: (one) => (
          <span className="co-name">
            {one.name}
            <small>{one.login}</small>
          </span>
        ),
        sort: (one) => one.name,
      },
      ...answer.names.map((name) => ({
        id: `skill-${name}`,
        label: name,
        show: (one: SkilledOne) => (degree(one, name) === 0 ? <span className="co-quiet">0</span> : <b>{degree(one, name)}</b>),
        sort: (one: SkilledOne) => degree(one, name),
        numbers: true,
      })),
      ...(may
        ? [
            {
              id: 'act',
              label: say('col.act'),
              show: (one: SkilledOne) => (
                <Button variant="default" size="compact-sm" onClick={() => onOpen(one)} aria-label={say('edit.of', { name: one.name })}>
                  {say('edit')}
                </Button>
              ),
            },
          ]
        : []),
    ];
  }, [say, answer.names, may, onOpen]);
  return (
    <>
      {answer.names.length === 0 && <p className="co-quiet">{say('none.yet')}</p>}
      <div className="co-filters">
        <ImeInput label={say('search')} value={words} onChange={setWords} maxLength={longestWords} />
        <p className="co-found" role="status">{say('found', { count: people.length })}</p>
      </div>
      {people.length === 0 ? <p className="co-nothing">{say('nothing')}</p> : <DataTable key={answer.names.join('\n')} label={say('title')} rows={people} columns={columns} rowKey={(one) => one.id} />}
    </>
  );
}
