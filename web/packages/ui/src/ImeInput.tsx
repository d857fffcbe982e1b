import { TextInput, type TextInputProps } from '@mantine/core';
import { isCommit, isImeEvent, plain } from './ime';

export type ImeInputProps = Omit<TextInputProps, 'value' | 'onChange' | 'onBlur'> & {
  value: string;
  onChange: (value: string) => void;
  /** onCommit gets the folded text when Enter ends the entry; without it Enter submits the form around. */
  onCommit?: (value: string) => void;
};

/**
 * ImeInput is the only text field of the house: Enter during composition never
 * submits, and what leaves the field is NFKC.
 */
export function ImeInput({ value, onChange, onCommit, onKeyDown, ...rest }: ImeInputProps) {
  return (
    <TextInput
      {...rest}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={() => onChange(plain(value))}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && isImeEvent(event)) {
          event.preventDefault();
          return;
        }
        if (onCommit && isCommit(event)) {
          event.preventDefault();
          onChange(plain(value));
          onCommit(plain(value));
          return;
        }
        onKeyDown?.(event);
      }}
    />
  );
}
