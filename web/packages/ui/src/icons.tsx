import type { ReactNode } from 'react';

// Line icons on a 24 grid, drawn for this house. They never stand alone: a word
// is always beside them, so they are hidden from screen readers.

export type IconProps = { size?: number };

function Icon({ size = 20, children }: IconProps & { children: ReactNode }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

/** GateMark is the house's sign: the 冠木門 of a checkpoint. */
export const GateMark = ({ size = 26 }: IconProps) => (
  <Icon size={size}>
    <path d="M2.5 7.5h19" strokeWidth={2.75} />
    <path d="M5.5 4v16.5M18.5 4v16.5" strokeWidth={2.25} />
    <path d="M12 20.5v-8.5" />
    <path d="M8.75 20.5V12h6.5v8.5" />
  </Icon>
);
export const DeviceIcon = (p: IconProps) => (
  <Icon {...p}>
    <rect x="4" y="5" width="16" height="11" rx="1.5" />
    <path d="M2.5 19.5h19" />
  </Icon>
);
export const LineIcon = (p: IconProps) => (
  <Icon {...p}>
    <circle cx="4.5" cy="12" r="2" />
    <circle cx="19.5" cy="12" r="2" />
    <path d="M6.5 12h3M14.5 12h3M11 12h2" />
  </Icon>
);
export const PersonIcon = (p: IconProps) => (
  <Icon {...p}>
    <circle cx="12" cy="8" r="3.75" />
    <path d="M4.5 20c.8-4 3.7-6 7.5-6s6.7 2 7.5 6" />
  </Icon>
);
export const PeopleIcon = (p: IconProps) => (
  <Icon {...p}>
    <circle cx="9" cy="8.5" r="3.25" />
    <path d="M2.5 19.5c.7-3.5 3.2-5.25 6.5-5.25s5.8 1.75 6.5 5.25" />
    <path d="M15.5 5.5a3.25 3.25 0 0 1 0 6M18 14.8c1.9.8 3.1 2.3 3.5 4.7" />
  </Icon>
);
export const KeyIcon = (p: IconProps) => (
  <Icon {...p}>
    <circle cx="8" cy="12" r="4" />
    <path d="M12 12h9.5M18 12v3.5M21.5 12v2.5" />
  </Icon>
);
export const CheckIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
);
export const CrossIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M6 6l12 12M18 6 6 18" />
  </Icon>
);
export const WarnIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M12 4 2.75 19.5h18.5L12 4Z" />
    <path d="M12 10v4.5M12 17v.1" />
  </Icon>
);
export const InfoIcon = (p: IconProps) => (
  <Icon {...p}>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 11v5.5M12 7.5v.1" />
  </Icon>
);
export const WaitIcon = (p: IconProps) => (
  <Icon {...p}>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 7v5.25l3.5 2" />
  </Icon>
);
export const CameraIcon = (p: IconProps) => (
  <Icon {...p}>
    <rect x="2.5" y="6.5" width="13" height="11" rx="2" />
    <path d="m15.5 11 6-3.5v9l-6-3.5" />
  </Icon>
);
export const CameraOffIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M6.5 6.5H4.5a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2M10 6.5h3.5a2 2 0 0 1 2 2V11l6-3.5v9l-3-1.75" />
    <path d="m3 3 18 18" />
  </Icon>
);
export const CupIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M4 9.5h12.5V14a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5V9.5Z" />
    <path d="M16.5 11h1.5a2.5 2.5 0 0 1 0 5h-2M8 3.5c-.8 1 .8 1.8 0 3M12 3.5c-.8 1 .8 1.8 0 3" />
  </Icon>
);
export const RecordIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M6 3.5h9l4 4V20a.5.5 0 0 1-.5.5H6a.5.5 0 0 1-.5-.5V4a.5.5 0 0 1 .5-.5Z" />
    <path d="M8.5 11.5h7M8.5 15.5h7M14.5 3.5V8H19" />
  </Icon>
);
export const GlobeIcon = (p: IconProps) => (
  <Icon {...p}>
    <circle cx="12" cy="12" r="9" />
    <path d="M3 12h18M12 3c2.6 2.7 3.75 5.6 3.75 9S14.6 18.3 12 21c-2.6-2.7-3.75-5.6-3.75-9S9.4 5.7 12 3Z" />
  </Icon>
);
export const ShieldIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M12 3.5 5 6v5.5c0 4.5 2.9 7.5 7 9 4.1-1.5 7-4.5 7-9V6l-7-2.5Z" />
  </Icon>
);
export const ScreenIcon = (p: IconProps) => (
  <Icon {...p}>
    <rect x="3" y="4.5" width="18" height="12" rx="1.5" />
    <path d="M9 20h6M12 16.5V20" />
  </Icon>
);
export const LockIcon = (p: IconProps) => (
  <Icon {...p}>
    <rect x="5" y="10.5" width="14" height="9.5" rx="1.5" />
    <path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2" />
  </Icon>
);
export const LeaveIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M13.5 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h7.5M10.5 12h10.5M17.5 8.5 21 12l-3.5 3.5" />
  </Icon>
);
export const BackIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M20 12H4.5M10.5 6l-6 6 6 6" />
  </Icon>
);
export const ArrowLeftIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M20 12H5M11 5.5 4.5 12l6.5 6.5" strokeWidth={2.5} />
  </Icon>
);
export const ArrowRightIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M4 12h15M13 5.5l6.5 6.5-6.5 6.5" strokeWidth={2.5} />
  </Icon>
);
export const ArrowUpIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M12 20V5M5.5 11 12 4.5l6.5 6.5" strokeWidth={2.5} />
  </Icon>
);
export const BulbIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M9.5 17.5h5M10 20.5h4M8.5 14.5C7 13.3 6 11.6 6 9.7a6 6 0 0 1 12 0c0 1.9-1 3.6-2.5 4.8v3h-7v-3Z" />
  </Icon>
);
export const EyeIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M2.5 12c2-3.7 5.3-6 9.5-6s7.5 2.3 9.5 6c-2 3.7-5.3 6-9.5 6s-7.5-2.3-9.5-6Z" />
    <circle cx="12" cy="12" r="2.75" />
  </Icon>
);
