import { createTheme, type MantineColorsTuple } from '@mantine/core';

// 藍 for what can be pressed, 松 for open, 琥珀 for attention, 紅 for closed, 墨 for
// text: each names one meaning. Shade 7 reads on white at 4.5:1 or better.
const ai: MantineColorsTuple = ['#f1f5fa', '#e0e9f3', '#bfd0e3', '#98b4d1', '#7197bf', '#4c7aa9', '#356393', '#24507f', '#1a3d64', '#122b48'];
const matsu: MantineColorsTuple = ['#eef7f2', '#dceee4', '#b6dcc8', '#8bc6a9', '#5fac88', '#3d926c', '#2a7d58', '#1e6747', '#165037', '#0d3724'];
const kohaku: MantineColorsTuple = ['#fdf7e8', '#faecc9', '#f4d893', '#ecc05a', '#dda72f', '#bd8714', '#9c6d0a', '#7d5604', '#614203', '#452f02'];
const beni: MantineColorsTuple = ['#fcf1f0', '#f8dfdc', '#efbcb7', '#e3938b', '#d2685f', '#bd473e', '#a9352d', '#8f2822', '#711e1a', '#4f1411'];
const gray: MantineColorsTuple = ['#f8f9fb', '#f1f3f6', '#e6e9ee', '#d8dde4', '#bcc4ce', '#8d97a5', '#67727f', '#4e5864', '#363e48', '#1c232b'];

/** fontFamily never names system-ui: on Windows it gives Japanese text a UI font. */
export const fontFamily = "'Noto Sans JP', 'Noto Sans CJK JP', sans-serif";

export const theme = createTheme({
  colors: { ai, matsu, kohaku, beni, gray },
  primaryColor: 'ai',
  primaryShade: 7,
  black: '#1c232b',
  fontFamily,
  fontFamilyMonospace: "'Noto Sans Mono', 'Noto Sans Mono CJK JP', monospace",
  headings: {
    fontFamily,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.45' },
      h2: { fontSize: '1.25rem', lineHeight: '1.5' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.55' },
    },
  },
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  lineHeights: { xs: '1.6', sm: '1.65', md: '1.75', lg: '1.75', xl: '1.6' },
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '20px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
});
