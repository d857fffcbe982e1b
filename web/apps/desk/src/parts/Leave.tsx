import { Button } from '@mantine/core';
import { LeaveIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useWorkplace } from '../place';
import { deskTexts } from '../texts';

/** Leave is the way out of every screen between 接続 and work: it gives the connection up. */
export function Leave() {
  const say = useTexts(deskTexts);
  const workplace = useWorkplace();
  return (
    <Button variant="subtle" color="gray" className="sk-language" size="compact-md" leftSection={<LeaveIcon size={18} />} onClick={() => void workplace.end()}>
      {say('leave')}
    </Button>
  );
}
