import type { ReactNode } from 'react';

// Line icons that only the console needs, on the same 24 grid as the ui package's.

type IconProps = { size?: number };

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

export const SeatsIcon = (p: IconProps) => (
  <Icon {...p}>
    <rect x="3.5" y="4.5" width="7" height="6" rx="1" />
    <rect x="13.500" y="4.500" width="7" height="6" rx="1" />
    <rect x="3.500" y="13.500" width="7" height="6" rx="1" />
    <rect x="13.500" y="13.500" width="7" height="6" rx="1" />
  </Icon>
);
export const ChipIcon = (p: IconProps) => (
  <Icon {...p}>
    <rect x="6.5" y="6.5" width="11" height="11" rx="1.5" />
    <path d="M10 3.5v3M14 3.5v3M10 17.5v3M14 17.5v3M3.5 10h3M3.5 14h3M17.5 10h3M17.5 14h3" />
  </Icon>
);
export const CompanyIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M4 20.500v-14l8-3v17M12 9h8v11.500M3 20.500h18M7.500 9.500v0M7.500 13.500v0M16 13v0M16 16.500v0" />
  </Icon>
);
export const StopIcon = (p: IconProps) => (
  <Icon {...p}>
    <circle cx="12" cy="12" r="8.500" />
    <path d="M6 6l12 12" />
  </Icon>
);
export const RowsIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M4 6h16M4 12h16M4 18h16" />
  </Icon>
);
export const TwoIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="m3.500 12.500 3.500 3.500 6-7M11.500 15l1 1 8-9" />
  </Icon>
);
export const LogIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M7 4.500h10a1.500 1.500 0 0 1 1.500 1.500v12a1.500 1.500 0 0 1-1.500 1.500H7A1.500 1.500 0 0 1 5.500 18V6A1.500 1.500 0 0 1 7 4.500Z" />
    <path d="M9 9h6M9 12.500h6M9 16h3.500" />
  </Icon>
);
export const ReportIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M7 4.500h7l3.500 3.500v10a1.500 1.500 0 0 1-1.500 1.500H7A1.500 1.500 0 0 1 5.500 18V6A1.500 1.500 0 0 1 7 4.500Z" />
    <path d="M13.500 4.500v4h4M8.500 14.500l2 2 4-4.500" />
  </Icon>
);
export const RuleIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M4 7h9M17.500 7H20M4 17h2.500M11 17h9" />
    <circle cx="15.250" cy="7" r="2.250" />
    <circle cx="8.750" cy="17" r="2.250" />
  </Icon>
);
export const ShieldIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M12 3.500l7 2.750v5c0 4.500-2.900 7.700-7 9.250-4.100-1.550-7-4.750-7-9.250v-5z" />
    <path d="M9 12l2.250 2.250L15.250 10" />
  </Icon>
);
export const HandIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M8 4.500h8v6H8zM6 10.500h12" />
    <path d="M3.500 15.500h3.250l2.500-1.250h3.500a1.250 1.250 0 0 1 0 2.500H10.500M12.750 16.500l5-1.750a1.400 1.400 0 0 1 .9 2.650l-6.150 2.850H3.500" />
  </Icon>
);
export const PlusIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M12 5v14M5 12h14" />
  </Icon>
);
export const SaveIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="M12 4v11M7 10.500l5 5 5-5M4.500 19.500h15" />
  </Icon>
);
export const MenuIcon = RowsIcon;
export const ChevronIcon = (p: IconProps) => (
  <Icon {...p}>
    <path d="m9 6 6 6-6 6" />
  </Icon>
);

/** SortIcon shows which way a column is sorted. */
export const SortIcon = ({ size, order }: IconProps & { order: 'asc' | 'desc' | false }) => (
  <Icon {...(size === undefined ? {} : { size })}>
    <path d="m8 9.500 4-4 4 4" opacity={order === 'desc' ? 0.25 : order === 'asc' ? 1 : 0.45} />
    <path d="m8 14.500 4 4 4-4" opacity={order === 'asc' ? 0.25 : order === 'desc' ? 1 : 0.45} />
  </Icon>
);
export const FlowIcon = (p: IconProps) => (
  <Icon {...p}>
    <rect x="8.5" y="3.5" width="7" height="5" rx="1" />
    <rect x="3.5" y="15.5" width="7" height="5" rx="1" />
    <rect x="13.5" y="15.5" width="7" height="5" rx="1" />
    <path d="M12 8.500v3.500M7 15.500V12h10v3.500" />
  </Icon>
);
