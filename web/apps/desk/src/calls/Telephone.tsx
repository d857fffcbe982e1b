import { PhoneBar } from '../phone/PhoneBar';
import { useSeat } from '../place';
import { CallBar } from './CallBar';
import { usePhone } from './usePhone';

/**
 * Telephone is there for whoever gets calls or may place them, and for whoever may
 * listen to others: a centre without a telephone has none on its screens.
 */
export function Telephone() {
  const use = usePhone();
  const { me } = useSeat();
  const { phone } = use;
  const calls = phone !== null && (phone.queues.length > 0 || phone.own.length > 0 || phone.call !== null);
  if (!calls && !(phone !== null && me?.person.console === true)) return null;
  return (
    <div className="dk-telephone">
      {calls && <CallBar use={use} />}
      <PhoneBar />
    </div>
  );
}
