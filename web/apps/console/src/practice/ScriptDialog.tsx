import { useLanguage, useTexts } from '@sekisho/ui/language';
import { api } from '../api/client';
import { ImportDialog } from '../parts/ImportDialog';
import { practiceKey } from './queries';
import { practiceTexts } from './texts';
import { Script } from './views';

/** ScriptDialog imports a file of scenarios; faults are told by line and field. */
export function ScriptDialog({ onClose }: { onClose: () => void }) {
  const say = useTexts(practiceTexts);
  const { language } = useLanguage();
  return (
    <ImportDialog<Script>
      title={say('import.title')}
      say={say}
      send={(text, dry) => api.ask('POST', '/training/practice/import', Script, { text, dry })}
      refresh={practiceKey}
      good={(told) => (
        <>
          <p>{say(told.stored ? 'import.done' : 'import.good')}</p>
          <ul>
            {told.scenarios.map((one) => (
              <li key={one.id}>{one.fate === 'version' ? say('fate.version', { title: one.title[language], version: one.version }) : say(`fate.${one.fate}`, { title: one.title[language] })}</li>
            ))}
          </ul>
        </>
      )}
      fault={(fault) => (
        <>
          {fault.field === '' ? say('import.line', { line: fault.line, title: fault.title }) : say('import.line.field', { line: fault.line, field: fault.field, title: fault.title })} {fault.action}
        </>
      )}
      onClose={onClose}
    />
  );
}
