import { Drawer } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { ReactNode } from 'react';
import { partTexts } from './texts';
import { useFocusBack } from './useFocusBack';

/** Side is the panel at the edge: one thing in full, without leaving the list. */
export function Side({ title, size, onClose, children }: { title: string; size: 'md' | 'lg'; onClose: () => void; children: ReactNode }) {
  const say = useTexts(partTexts);
  useFocusBack();
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={size}>
      <Drawer.Overlay />
      <Drawer.Content>
        {/* Not Drawer.Header: its <header> would be a second banner of the page. */}
        <div className="co-side-head">
          <Drawer.Title>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label={say('close')} />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
