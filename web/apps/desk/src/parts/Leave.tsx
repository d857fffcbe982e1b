import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useWorkplace } from '../place';
import { deskTexts } from '../texts';

/** Leave is the quiet way out of every screen between 接続 and work: it gives the connection up. */
export function Leave({ color }: { color?: string }) {
  const say = useTexts(deskTexts);
  const workplace = useWorkplace();
  return (
    <div className="dk-leave">
      <Button variant="subtle" color={color ?? 'gray.7'} size="compact-sm" onClick={() => void workplace.end()}>
        {say('leave')}
      </Button>
    </div>
  );
}
