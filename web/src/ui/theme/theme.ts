import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

const pine: MantineColorsTuple = [
  '#eff8f4',
  '#dcf0e7',
  '#bde0d1',
  '#99cdb8',
  '#75b69d',
  '#509a7f',
  '#26735a',
  '#155d47',
  '#0a4836',
  '#053124',
]
const plum: MantineColorsTuple = [
  '#faf3fc',
  '#f3e5f8',
  '#e6cdee',
  '#d4b0df',
  '#bf93cd',
  '#a474b2',
  '#7c4e8a',
  '#653d72',
  '#4f2d59',
  '#361d3d',
]
const ocean: MantineColorsTuple = [
  '#eef7fe',
  '#dcedfb',
  '#bcdbf4',
  '#99c5e8',
  '#75add7',
  '#5190be',
  '#296994',
  '#19557b',
  '#0e4161',
  '#072c43',
]
const clay: MantineColorsTuple = [
  '#fff2ee',
  '#ffe2da',
  '#ffc8ba',
  '#f7a996',
  '#e88972',
  '#cd6750',
  '#a1402a',
  '#862f1c',
  '#6a2111',
  '#4a1409',
]
const honey: MantineColorsTuple = [
  '#fcf5ea',
  '#f7e8d3',
  '#ecd3ad',
  '#ddb982',
  '#ca9e57',
  '#af7f2a',
  '#865900',
  '#6f4600',
  '#573500',
  '#3c2300',
]

/** Greys with a little of the paper's warmth; 4 is the line around what can be used, at 3:1 on paper (WCAG 1.4.11). */
const gray: MantineColorsTuple = [
  '#fbfaf6',
  '#f6f4ee',
  '#efece3',
  '#ddd8cb',
  '#8a8578',
  '#7b766a',
  '#676358',
  '#4f4c43',
  '#38362f',
  '#24221d',
]
/** What Mantine builds its dark surfaces from: a night in the same green. */
const dark: MantineColorsTuple = [
  '#e9eeea',
  '#c6d0ca',
  '#a9b6b0',
  '#8b9a93',
  '#72847d',
  '#34443e',
  '#1d2824',
  '#17201d',
  '#0f1614',
  '#0b110f',
]

/** Ink on a filled accent: white on the deep shades of light pages, near black on the pale ones of dark pages. */
const ON_ACCENT = 'var(--ms-on-accent)'

/** Mantine picks the text of a filled button by the light page's shade alone; here it follows the page. */
const onFilled: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input)
  return input.variant === 'filled' ? { ...colors, color: ON_ACCENT } : colors
}

/**
 * MedSync's look: warm paper, ink, and one accent a portal (pine for patients, plum for research, ocean for hospitals). Clay ends things,
 * honey is money. The accent itself is chosen in `tokens.css` by `data-portal` on the root element, so that dialogs follow as well.
 */
export const theme = createTheme({
  colors: { pine, plum, ocean, clay, honey, gray, dark },
  primaryColor: 'pine',
  primaryShade: { light: 6, dark: 4 },
  variantColorResolver: onFilled,
  white: '#fffefb',
  black: '#17211e',
  fontFamily: "'Figtree Variable', 'Segoe UI', system-ui, -apple-system, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: '0.8125rem', sm: '0.9375rem', md: '1rem', lg: '1.125rem', xl: '1.3125rem' },
  lineHeights: { xs: '1.45', sm: '1.5', md: '1.55', lg: '1.55', xl: '1.5' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2.25rem' },
  radius: { xs: '4px', sm: '8px', md: '12px', lg: '18px', xl: '28px' },
  defaultRadius: 'sm',
  headings: {
    fontFamily: "'Source Serif 4 Variable', 'Iowan Old Style', 'Palatino Linotype', Palatino, Georgia, serif",
    fontWeight: '560',
    textWrap: 'balance',
    sizes: {
      h1: { fontSize: 'clamp(1.75rem, 1.35rem + 1.6vw, 2.375rem)', lineHeight: '1.18' },
      h2: { fontSize: '1.4375rem', lineHeight: '1.28' },
      h3: { fontSize: '1.1875rem', lineHeight: '1.35' },
      h4: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h5: { fontSize: '1rem', lineHeight: '1.45' },
      h6: { fontSize: '0.9375rem', lineHeight: '1.45' },
    },
  },
  components: {
    Button: { defaultProps: { radius: 'xl' } },
    TextInput: { defaultProps: { size: 'md' } },
    NumberInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    NativeSelect: { defaultProps: { size: 'md' } },
    Select: { defaultProps: { size: 'md' } },
    Modal: { defaultProps: { radius: 'md', centered: true, overlayProps: { backgroundOpacity: 0.5 } } },
    Tooltip: { defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } } },
    Skeleton: { defaultProps: { radius: 'sm' } },
    Checkbox: { defaultProps: { radius: 'xs', iconColor: ON_ACCENT } },
    CheckboxIndicator: { defaultProps: { radius: 'xs', iconColor: ON_ACCENT } },
    Radio: { defaultProps: { iconColor: ON_ACCENT } },
    RadioIndicator: { defaultProps: { iconColor: ON_ACCENT } },
    Anchor: { defaultProps: { underline: 'always' } },
  },
})

const surfaces = {
  '--mantine-color-body': 'var(--ms-paper)',
  '--mantine-color-text': 'var(--ms-ink)',
  '--mantine-color-bright': 'var(--ms-ink)',
  '--mantine-color-dimmed': 'var(--ms-ink-soft)',
  '--mantine-color-default': 'var(--ms-surface)',
  '--mantine-color-default-border': 'var(--ms-line-strong)',
  '--mantine-color-default-hover': 'var(--ms-sunken)',
  '--mantine-color-error': 'var(--ms-bad)',
  '--mantine-color-placeholder': 'var(--ms-ink-soft)',
  '--mantine-color-anchor': 'var(--ms-accent-text)',
  '--mantine-color-disabled-color': 'var(--ms-ink-soft)',
  '--mantine-color-disabled': 'var(--ms-rest-soft)',
  '--mantine-color-disabled-border': 'var(--ms-line)',
}

/** Lets Mantine's surfaces and texts follow `tokens.css`, which knows light and dark. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: surfaces, dark: surfaces })
