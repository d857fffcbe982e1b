import { Modal } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { ReactNode } from 'react';
import { partTexts } from './texts';
import { useFocusBack } from './useFocusBack';

export type DialogProps = {
  title: string;
  size: 'lg' | 'xl';
  onClose: () => void;
  /** holds: what it shows cannot be shown again, so a stray click or Escape must not close it */
  holds?: boolean;
  children: ReactNode;
};

/** Dialog is a question or a form in front of the page. */
export function Dialog({ title, size, onClose, holds = false, children }: DialogProps) {
  const say = useTexts(partTexts);
  useFocusBack();
  return (
    <Modal.Root opened onClose={onClose} size={size} closeOnClickOutside={!holds} closeOnEscape={!holds}>
      <Modal.Overlay />
      <Modal.Content>
        {/* Not Modal.Header: its <header> would be a second banner of the page. */}
        <div className="co-side-head">
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={say('close')} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
