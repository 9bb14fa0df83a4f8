import { describe, expect, test } from 'vitest'
import { attachedText, isPlainText } from './plainText.ts'

const SAID = 'Jörg Müller-Lüdenscheidt came in with chest pain.'
const base64 = (text: string, encoding: BufferEncoding = 'utf8'): string => Buffer.from(text, encoding).toString('base64')

describe('an attachment is read', () => {
  test.each([
    ['text/plain; charset=utf-8', base64(SAID), SAID],
    ['text/plain', base64(SAID), SAID],
    ['TEXT/PLAIN;charset="UTF-8"', base64(SAID), SAID],
    ['text/plain; charset=us-ascii', base64('Chest pain.'), 'Chest pain.'],
    ['text/plain; charset=utf-8', base64(`\ufeff${SAID}`), SAID],
    ['text/plain; charset=utf-8', base64(SAID.normalize('NFD')), SAID.normalize('NFD')],
    ['text/plain', base64(SAID).replace(/(.{20})/g, '$1\r\n'), SAID],
  ])('when it is %s and really is that', (contentType, data, text) => {
    expect(attachedText(contentType, data)).toBe(text)
  })
})

describe('error: an attachment is withheld', () => {
  test.each([
    ['another kind of text', 'text/html', base64(SAID)],
    ['RTF', 'text/rtf', base64(SAID)],
    ['XML', 'text/xml', base64(SAID)],
    ['Markdown', 'text/markdown', base64(SAID)],
    ['a picture', 'image/png', base64(SAID)],
    ['no type', undefined, base64(SAID)],
    ['Latin-1, said', 'text/plain; charset=iso-8859-1', base64(SAID, 'latin1')],
    ['Latin-1, unsaid', 'text/plain', base64(SAID, 'latin1')],
    ['Latin-1, said to be UTF-8', 'text/plain; charset=utf-8', base64(SAID, 'latin1')],
    ['Windows-1252', 'text/plain; charset=windows-1252', base64('Chest pain.')],
    ['UTF-16, said', 'text/plain; charset=utf-16le', base64(SAID, 'utf16le')],
    ['UTF-16 with its mark', 'text/plain', base64(`\ufeff${SAID}`, 'utf16le')],
    ['UTF-16 of ASCII, unsaid', 'text/plain', base64('Jorg came in', 'utf16le')],
    ['a charset that nobody knows', 'text/plain; charset=x-ward-7', base64('Chest pain.')],
    ['another parameter', 'text/plain; format=flowed; delsp=yes', base64('Chest pain.')],
    ['said to be ASCII', 'text/plain; charset=us-ascii', base64(SAID)],
    ['Base64 twice', 'text/plain', base64(base64(SAID))],
    ['Base64 twice, in lines', 'text/plain', base64(base64(SAID.repeat(3)).replace(/(.{76})/g, '$1\r\n'))],
    ['URL-safe Base64 within', 'text/plain', base64(`Scan: ${Buffer.from('Jörg Müller ÿÿ came').toString('base64url')}`)],
    ['UTF-16 in Base64 within', 'text/plain', base64(base64(SAID, 'utf16le'))],
    ['UTF-16 of ASCII in Base64 within', 'text/plain', base64(base64('Jorg Muller', 'utf16le'))],
    ['Latin-1 in Base64 within', 'text/plain', base64(base64(SAID, 'latin1'))],
    ['hexadecimal digits', 'text/plain', base64(Buffer.from(SAID).toString('hex'))],
    ['URL-safe Base64', 'text/plain', Buffer.from('ÿÿÿ?>').toString('base64url')],
    ['no Base64', 'text/plain', SAID],
    ['no data', 'text/plain', undefined],
    ['a PDF', 'text/plain', base64('%PDF-1.4\n1 0 obj <</Title (J\\366rg M\\374ller)>> endobj')],
    ['a compressed file', 'text/plain', base64('PK\u0003\u0004')],
    ['RTF called text', 'text/plain', base64("{\\rtf1 J\\'f6rg M\\'fcller came in.}")],
    ['HTML called text', 'text/plain', base64('<p>J<b>ör</b>g came in.</p>')],
    ['CDA called text', 'text/plain', base64('<?xml version="1.0"?><ClinicalDocument/>')],
    ['entities', 'text/plain', base64('J&ouml;rg M&#252;ller, M&#xFC;ller')],
    ['HL7 version 2', 'text/plain', base64('MSH|^~\\&|MERCY\rPID|1||36036||Müller^Jörg||19580312')],
    ['quoted-printable', 'text/plain', base64('J=C3=B6rg M=FCller came in.')],
    ['quoted-printable, broken', 'text/plain', base64('Jö=\r\nrg came in.')],
    ['an e-mail', 'text/plain', base64('Subject: =?utf-8?Q?J=C3=B6rg?=\n\nChest pain.')],
    ['URL-encoded', 'text/plain', base64('J%C3%B6rg came in.')],
    ['UTF-7', 'text/plain', base64('J+APY-rg M+APw-ller came in.')],
    ['JSON escapes', 'text/plain', base64('J\\u00f6rg came in.')],
    ['a line break that is written out', 'text/plain', base64('Seen by\\nJörg Müller')],
    ['TeX', 'text/plain', base64('J\\"org M\\"uller came in.')],
    ['UTF-8 read as Latin-1', 'text/plain', base64(Buffer.from(SAID).toString('latin1'))],
    ['UTF-8 read as Windows-1252', 'text/plain', base64('O’Doherty'.replace('’', 'â€™'))],
    ['a lossy decoder before', 'text/plain', base64('J\ufffdrg came in.')],
    ['soft hyphens', 'text/plain', base64('Jö\u00adrg came in.')],
    ['zero-width signs', 'text/plain', base64('Jö\u200brg came in.')],
    ['letters of full width', 'text/plain', base64('Ｊörg came in.')],
    ['a ligature', 'text/plain', base64('So\ufb01a came in.')],
    ['letters that look alike', 'text/plain', base64('J\u043erg came in.')],
    ['emphasis within a word', 'text/plain', base64('J**ör**g came in.')],
    ['a file within', 'text/plain', base64('See data:text/plain;base64,SsO2cmc=')],
  ])('%s', (_, contentType, data) => {
    expect(attachedText(contentType, data)).toBeUndefined()
  })
})

test.each([
  'BP 120/80, HR=80bpm, SpO2=95%, pH=7.35, K+ 4.1, Na+/K+ ok. T 37.2 °C; 5 µg/kg/min; 10 m². WBC 10*3/uL.',
  'BP < 90 and lactate > 2; troponin <0.01. FiO2 40%, 10% dextrose.',
  'Plan:\n=====\n- hydrochlorothiazide 25 MG Oral Tablet\n- acetaminophen/hydrocodone\n- follow-up in 6 weeks\n\tSmith & Jones; R&D.',
  'Électrocardiogramme: « normal ». São Paulo. Ångström. Привет. α-blocker, β2-agonist. “Quoted” – it’s fine…',
  'Pseudopseudohypoparathyroidism; COVID-19 PCR; HbA1c 48 mmol/mol; CHA2DS2-VASc 3; NT-proBNP 1200; 12345678901234567890.',
])('a usual note is plain text: %j', (text) => {
  expect(isPlainText(text)).toBe(true)
})

test('a text of a million letters is looked through in less than seconds, whatever it repeats', () => {
  const began = performance.now()
  for (const piece of ['+A', '<a', '&a', '=A', '%a', 'data:', 'aB1', '1 ', ' ', '\n', ' \n', '{', '=?a', '/', 'Je ', 'Ж']) {
    isPlainText(piece.repeat(1_000_000 / piece.length))
  }
  expect(performance.now() - began).toBeLessThan(15_000)
})

test.each([
  ['gzip in Base64', 'H4sIAAAAAAAAA/M6vK0oXcEttagoXyE5MTdVoTyzJEMhOSO1uEShIDEzTw8ABoc51CEAAAA='],
  ['a short name in Base64', 'RmVycm8='],
  ['Base64 with blanks', 'RmVy cm8g Y2Ft ZSBp bg=='],
  ['Base32', 'JJ2GK4TSN4QGM2LSMUQHG33NMU======'],
  ['pairs of hexadecimal digits', 'said 46 65 72 72 6f 20 63 61 6d 65'],
  ['letters with blanks', 'F e r r o came'],
  ['letters with points', 'F.e.r.r.o came'],
  ['letters with low lines', 'J_ö_r_g_e_n came'],
])('error: %s is not plain text', (_, text) => {
  expect(isPlainText(text)).toBe(false)
})

test.each([
  'Pulse 72 70 68 66 74 71 75 80, SpO2 98 97 96 95 94 93',
  'COPD and C.O.P.D. since 2010. S.O.A.P. note, p.o. b.i.d.',
  'Vitamin A B C D, leads I II III aVR aVL aVF V1 V2',
  'Temperature rose patient may walk',
  'Körpergröße 176 cm, Müdigkeit seit März',
  'Positive',
])('what people write is plain text: %s', (text) => {
  expect(isPlainText(text)).toBe(true)
})
