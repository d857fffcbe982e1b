import { Button } from '@mantine/core';
import { WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { postureTexts } from '../postureTexts';
import { usePosture } from '../usePosture';
import { Checks } from './PostureList';

/** PostureWarning tells during work what of the PC should be put right, without stopping anything. */
export function PostureWarning() {
  const say = useTexts(postureTexts);
  const standing = usePosture(30_000);
  const [open, setOpen] = useState(false);
  const warned = standing?.checks.filter((check) => check.failing) ?? [];
  if (warned.length === 0) return null;
  return (
    <section className="dk-posture-strip" aria-label={say('warned')}>
      <p role="status">
        <WarnIcon size={18} />
        <strong>{say('warned')}</strong>
        <span>{say('warned.count', { names: warned.map((check) => check.name).join(' / ') })}</span>
        <Button size="compact-sm" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
          {say(open ? 'hide' : 'show')}
        </Button>
      </p>
      {open && <Checks checks={warned} />}
    </section>
  );
}
