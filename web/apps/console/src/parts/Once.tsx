import { Button, CopyButton } from '@mantine/core';
import { CheckIcon, RecordIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { partTexts } from './texts';

/** Once shows a secret or a command to copy. A word breaks only where the line is too short for it; it can be selected by hand. */
export function Once({ label, text }: { label: string; text: string }) {
  const say = useTexts(partTexts);
  return (
    <div className="co-once">
      <code role="textbox" aria-readonly="true" aria-label={label} tabIndex={0} className="co-code">
        {text.split(/(?<= )/).map((word, index) => (
          <span key={index}>{word}</span>
        ))}
      </code>
      <CopyButton value={text} timeout={4000}>
        {({ copied, copy }) => (
          <Button
            className="co-office"
            variant={copied ? 'light' : 'default'}
            color={copied ? 'matsu' : 'ai'}
            leftSection={copied ? <CheckIcon size={18} /> : <RecordIcon size={18} />}
            onClick={copy}
          >
            <span role="status">{copied ? say('copied') : say('copy')}</span>
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
